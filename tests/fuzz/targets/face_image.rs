#![no_main]

#[path = "../exercise.rs"]
#[allow(dead_code, reason = "every target uses one of them")]
mod exercise;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    exercise::face_image(bytes);
});
