//! Spans, codes, labels, advice and their rendering.
