//! The TMDB API: a polite client, the shapes of its answers, and the same API served on loopback.
//!
//! ```text
//! Discovery ──ids──▶ Client::movie / person ──▶ Answer { status, body, fetched_at }
//!                        │                          └─▶ decode_movie / decode_person
//!                        └── HTTP ──▶ api.themoviedb.org, or simulator::Simulator
//! changes ──ids──▶ what to ask for again
//! Exports::open ──▶ ExportFile ──lines──▶ a day's films or people
//! ```
//!
//! Read in this order: [`Config`] and [`Client`], [`Answer`], [`discover`](fn@discover), [`changes`](fn@changes),
//! [`Exports`],
//! the wire types from [`Movie`] on, then [`simulator`].
//! Nothing here writes a file, and nothing decides what to do with an answer.

mod changes;
mod client;
mod clock;
mod decode;
mod discover;
mod error;
mod exports;
mod movie;
mod person;
mod raw_object;
mod reference;
pub mod simulator;

pub use changes::{Changed, Changes, Feed, READABLE_CHANGES, WINDOW_DAYS, changes, count_changes};
pub use client::{Answer, Block, Client, Config, Credential, Patience, Statistics};
pub use clock::{Clock, NotAClock};
pub use decode::{
    DecodeError, UnknownKeys, decode_configuration, decode_countries, decode_genres, decode_jobs,
    decode_languages, decode_movie, decode_person, inspect_movie, inspect_person,
};
pub use discover::{
    DiscoverFilter, Discovered, Discovery, Found, Stretch, count, discover, resume,
};
pub use error::Error;
pub use exports::{Export, ExportFile, ExportLine, Exports, export_days};
pub use movie::{
    CastMember, Collection, Company, Country, Credits, CrewMember, ExternalIds, Genre, Keyword,
    Keywords, Language, Movie, RegionalReleases, Release, ReleaseDates,
};
pub use person::Person;
pub use reference::{Configuration, DepartmentJobs, GenreList, Images, ListedCountry};
