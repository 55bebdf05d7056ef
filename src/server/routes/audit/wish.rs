//! What stands behind the `?` of every question about the audit.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::server::{
    audit_filter::{Filter, NoFilter, when},
    domain::time::Time,
    routes::refusal::Refusal,
    service::Service,
    store::audit::Search,
};

/// A filter.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wish {
    /// `user:alan app:vpn result:fail reason:wrong_code event:"Binding reset" factor:otp from:10.8.0.14
    /// actor:admin:ida since:2h until:2026-11-20T10:00Z`; several values of a word with commas.
    pub(super) q: Option<String>,
    /// From this time on: `2h` ago, a day, or a time in RFC 3339.
    pub(super) since: Option<String>,
    /// Before this time.
    pub(super) until: Option<String>,
}

impl Wish {
    /// The filter that it says.
    pub(super) fn filter(&self, now: Time) -> Result<Filter, Refusal> {
        let mut filter = Filter::parse(self.q.as_deref().unwrap_or_default(), now)?;
        let time = |text: &Option<String>| text.as_deref().map(|text| when(text, now)).transpose();
        filter.narrow(time(&self.since)?, time(&self.until)?);
        Ok(filter)
    }

    /// The same with its users found.
    pub(super) async fn search(&self, service: &Service) -> Result<Search, Refusal> {
        let filter = self.filter(service.now())?;
        Ok(Search::new(service.store.pool(), filter).await?)
    }
}

impl From<NoFilter> for Refusal {
    fn from(error: NoFilter) -> Self {
        Self::unreadable(error.to_string())
    }
}
