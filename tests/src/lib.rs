//! End to end, golden, accuracy and tidiness tests of the whole.
