//! What monitoring asks: how long answers take, and what whoever runs the server adds.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    collector::Collector,
    encoding::{EncodeLabelSet, text},
    metrics::{
        family::{Family, MetricConstructor},
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use crate::App;

/// Seconds: from what is in memory to the time limit of a query.
const BUCKETS: [f64; 11] = [
    0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0,
];

/// The metrics of a server.
pub(crate) struct Metrics {
    registry: RwLock<Registry>,
    latencies: Family<Answered, Histogram, Buckets>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    route: &'static str,
    status: u16,
}

#[derive(Clone)]
struct Buckets;

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(BUCKETS)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("filmstar");
        let latencies = Family::new_with_constructor(Buckets);
        registry.register_with_unit(
            "http_request_duration",
            "How long answers took, by kind of address",
            Unit::Seconds,
            latencies.clone(),
        );
        Self {
            registry: RwLock::new(registry),
            latencies,
        }
    }
}

impl Metrics {
    /// Adds what somebody else counts; it is asked at each look.
    pub(crate) fn add(&self, collector: Box<dyn Collector>) {
        let registry = self.registry.write();
        registry
            .unwrap_or_else(PoisonError::into_inner)
            .register_collector(collector);
    }

    /// Everything, in the text format of OpenMetrics. Collectors may read files, so never on a thread that answers.
    pub(crate) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut written = String::new();
        let registry = self.registry.read();
        text::encode(
            &mut written,
            &registry.unwrap_or_else(PoisonError::into_inner),
        )?;
        Ok(written)
    }
}

/// Measures how long an answer takes.
pub(crate) async fn measure(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = route(request.uri().path());
    let started = Instant::now();
    let response = next.run(request).await;
    let answered = Answered {
        route,
        status: response.status().as_u16(),
    };
    app.metrics
        .latencies
        .get_or_create(&answered)
        .observe(started.elapsed().as_secs_f64());
    response
}

/// A few kinds, so that there are few series however many pages there are.
fn route(path: &str) -> &'static str {
    let parts: Vec<_> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        [""] | ["pages", ..] => "page",
        ["api", "pages", _, "tiles", ..] => "tile",
        ["api", "console", ..] => "console",
        ["api", "search"] => "search",
        // Stays open for as long as the page does.
        ["api", "events"] => "events",
        ["api", ..] => "api",
        ["assets", ..] => "asset",
        ["metrics" | "healthz" | "readyz"] => "monitoring",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::route;

    #[test]
    fn an_address_is_of_one_of_a_few_kinds() {
        for (path, expected) in [
            ("/", "page"),
            ("/pages/genres", "page"),
            ("/api/pages/genres/tiles/returns", "tile"),
            ("/api/pages/genres", "api"),
            ("/api/console", "console"),
            ("/api/console/tables", "console"),
            ("/metrics", "monitoring"),
            ("/wp-login.php", "other"),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
