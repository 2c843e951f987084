//! Y1: the graph of steps.

rules! {}
