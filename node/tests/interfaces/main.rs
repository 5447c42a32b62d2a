//! The API, the WebSocket and the command line against a core that only pretends: what is tested
//! is what people and programs meet, over real sockets and with the real binary.

mod access;
mod cli;
mod core;
mod http;
mod limits;
mod openapi;
mod rest;
mod samples;
mod settings;
mod socket;
mod types;
mod workshop;
