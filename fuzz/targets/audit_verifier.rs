#![no_main]
#![allow(missing_docs, unsafe_code, reason = "what libFuzzer calls is declared by its macro")]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz::audit_verifier(data));
