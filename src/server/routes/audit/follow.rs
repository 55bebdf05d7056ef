//! The audit as it grows: server-sent events, each row once and in its chain's order, also over broken connections.
//!
//! A row is written with the chain's head in one transaction and by one writer, so whatever stands behind the last row
//! of a chain comes later, and nothing comes between. Who is slow to read is waited for; nothing is kept for them.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use futures_util::{future, stream};
use serde::Deserialize;
use tokio::{sync::watch, time::timeout};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{position::Position, shown::shown, wish::Wish};
use crate::server::{
    domain::{administrator::Act, time::Time},
    routes::{
        authority::{Admin, Standing},
        refusal::{Refusal, Refusals},
        request::Params,
    },
    service::Service,
    store::{StoreError, audit::Search, read},
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(follow))
}

/// What is followed, and from where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FollowWish {
    /// The words of a filter: `result:fail app:vpn`.
    q: Option<String>,
    /// From this time on.
    since: Option<String>,
    /// Before this time.
    until: Option<String>,
    /// The id of the last event that was seen, for those who cannot set `Last-Event-ID`; `-` is before everything.
    after: Option<String>,
}

/// The rows that come from now on, or behind the event that was seen last: the id of an event says the last row of
/// every replica's chain. `data` is a row of the audit as JSON.
#[utoipa::path(get, path = "/v1/admin/audit/stream", tag = "audit",
    params(FollowWish, ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen")),
    security(("administrator" = [])),
    responses((status = 200, body = String, content_type = "text/event-stream"), Refusals))]
async fn follow(
    State(service): State<Service>,
    admin: Admin,
    headers: HeaderMap,
    Params(wish): Params<FollowWish>,
) -> Result<Response, Refusal> {
    admin.may(&service, Act::Look).await?;
    let standing = Standing::of(&headers)?;
    let news = service.news.subscribe();
    let stopping = service.stopping.subscribe();
    let at = begin(&service, &headers, wish.after).await?;
    let wish = Wish { q: wish.q, since: wish.since, until: wish.until };
    let search = wish.search(&service).await?;
    let (checked, spoke) = (service.now(), service.now());
    let first = Some(format!("id: {}\n\n", at.write()).into());
    let follower = Follower { service, search, standing, news, stopping, at, checked, spoke, first };
    let mut response = Response::new(Body::from_stream(stream::try_unfold(follower, next)));
    let kind = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// Where it begins: behind what was seen, or at the present.
async fn begin(service: &Service, headers: &HeaderMap, after: Option<String>) -> Result<Position, Refusal> {
    let none = || Refusal::unreadable("this event's id is none of this audit: begin without one");
    let seen = match headers.get("last-event-id") {
        Some(value) => Some(value.to_str().map_err(|_| none())?.to_owned()),
        None => after,
    };
    let heads = read::heads(service.store.pool()).await?;
    let Some(seen) = seen else { return Ok(Position(heads)) };
    Position::read(&seen).filter(|position| position.is_within(&heads)).ok_or_else(none)
}

/// Who follows, and how far they have come.
struct Follower {
    service: Service,
    search: Search,
    standing: Standing,
    news: watch::Receiver<()>,
    stopping: watch::Receiver<bool>,
    at: Position,
    checked: Time,
    spoke: Time,
    first: Option<Bytes>,
}

/// The next piece of the stream, when there is one.
async fn next(mut follower: Follower) -> Result<Option<(Bytes, Follower)>, StoreError> {
    if let Some(first) = follower.first.take() {
        return Ok(Some((first, follower)));
    }
    loop {
        if *follower.stopping.borrow() || !follower.may_go_on().await {
            return Ok(None);
        }
        // Seen before it is read: what comes while it is read wakes at once.
        follower.news.borrow_and_update();
        if let Some(piece) = follower.read().await? {
            follower.spoke = follower.service.now();
            return Ok(Some((piece, follower)));
        }
        if follower.service.now().since(follower.spoke) >= QUIET {
            follower.spoke = follower.service.now();
            return Ok(Some((Bytes::from_static(b":\n\n"), follower)));
        }
        let Follower { news, stopping, .. } = &mut follower;
        let woken = future::select(Box::pin(news.changed()), Box::pin(stopping.changed()));
        let _ = timeout(EACH, woken).await;
    }
}

impl Follower {
    /// Whether the token that opened the stream is still good; looked up once a minute.
    async fn may_go_on(&mut self) -> bool {
        let now = self.service.now();
        if now.since(self.checked) < CHECKED && now >= self.checked {
            return true;
        }
        self.checked = now;
        self.standing.holds(&self.service).await
    }

    /// A page of one chain as events. Rows that the filter drops move the id all the same.
    async fn read(&mut self) -> Result<Option<Bytes>, StoreError> {
        let pool = self.service.store.pool();
        let heads: BTreeMap<String, i64> = read::heads(pool).await?;
        // The one that is most behind: no busy replica keeps the others waiting.
        let behind = heads.into_iter().max_by_key(|(replica, head)| head - self.at.of(replica));
        let behind = behind.filter(|(replica, head)| self.at.of(replica) < *head);
        let Some((replica, head)) = behind else { return Ok(None) };
        let rows = read::behind(pool, (&replica, self.at.of(&replica)), PAGE).await?;
        let mut text = String::new();
        let whole = rows.is_empty();
        for row in rows {
            self.at.pass(&replica, row.seq);
            let row = shown(row);
            if self.search.filter.takes(&row, &self.search.ids) {
                let row = serde_json::to_string(&row).expect("a row is JSON");
                let _ = write!(text, "event: audit\nid: {}\ndata: {row}\n\n", self.at.write());
            }
        }
        if whole {
            // Rows that somebody took away behind the server's back: the chain goes on behind its head.
            self.at.pass(&replica, head);
        }
        let _ = write!(text, "id: {}\n\n", self.at.write());
        Ok(Some(text.into()))
    }
}

const PAGE: i64 = 200;
/// How long other replicas' rows may wait to be seen.
const EACH: Duration = Duration::from_secs(1);
/// After so long without a row a comment says that the connection lives.
const QUIET: Duration = Duration::from_secs(15);
const CHECKED: Duration = Duration::from_mins(1);
