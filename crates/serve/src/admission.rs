//! Who is answered: under which names, with which token, how often.

mod client;
mod failures;
mod rate;
mod token;

pub use token::{Token, UnfitToken};

pub(crate) use client::Client;
use failures::Failures;
use rate::Rate;

/// Who is answered. The default is this machine alone, as often as it likes.
#[derive(Debug, Clone, Default)]
pub struct Admission {
    /// Names beside the loopback ones that requests may give as `Host`, against DNS rebinding.
    pub hosts: Vec<String>,
    /// Whether requests may give any IP address there: nobody can point an address of ours at another server.
    pub any_address: bool,
    /// What a request must show, unless anybody who reaches the server may read.
    pub token: Option<Token>,
    /// Requests a second of one client elsewhere, in the long run; 0 = no limit.
    pub requests_per_second: u32,
}

/// Stands at the door.
pub(crate) struct Door {
    pub(crate) hosts: Vec<String>,
    pub(crate) any_address: bool,
    pub(crate) token: Option<Token>,
    pub(crate) failures: Failures,
    pub(crate) rate: Rate,
}

impl Door {
    pub(crate) fn new(admission: Admission) -> Self {
        Self {
            hosts: admission.hosts,
            any_address: admission.any_address,
            token: admission.token,
            failures: Failures::default(),
            rate: Rate::new(admission.requests_per_second),
        }
    }
}
