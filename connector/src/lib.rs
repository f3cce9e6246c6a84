#![allow(missing_docs, unsafe_code)]
wit_bindgen::generate!({path: "../wit", world: "connector", generate_all});
