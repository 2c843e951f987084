//! Y3: papers and questions that could be spared.

rules! {
    reading { fee_without_basis }
}
