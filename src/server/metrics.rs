//! What is counted for `/metrics`: requests by route and status, events by name and result. No names of users.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

/// The counters of one process.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Request {
    route: String,
    method: String,
    status: u16,
}

impl Metrics {
    /// All at nothing.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("sesamd");
        let requests = Family::<Request, Counter>::default();
        registry.register("requests", "Requests by route, method and status", requests.clone());
        Self { registry, requests }
    }

    /// Counts a request that was answered. `route` is the pattern, not the path.
    pub fn request(&self, route: &str, method: &str, status: u16) {
        let labels = Request { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
    }

    /// In the text form of OpenMetrics.
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing to memory does not fail");
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_their_pattern() {
        let metrics = Metrics::new();
        metrics.request("/v1/me", "GET", 200);
        metrics.request("/v1/me", "GET", 200);
        let text = metrics.text();
        assert!(
            text.contains(r#"sesamd_requests_total{route="/v1/me",method="GET",status="200"} 2"#),
            "{text}"
        );
    }
}
