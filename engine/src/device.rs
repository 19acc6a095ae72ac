//! Where sound comes from and goes to.

pub mod wav;
