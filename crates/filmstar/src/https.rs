//! Connections of the binary's own; the API's are `tmdb`'s, the lake's are `lake`'s.

/// A client to be built, with what TLS needs in place.
pub(crate) fn client() -> reqwest::ClientBuilder {
    // Fails when a provider is there already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
}
