//! The audit counted: by hour, by user, by reason.

use axum::{Json, extract::State};
use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{shown::timestamp, wish::Wish};
use crate::{
    api::audit::{Counted, Statistics},
    server::{
        domain::{
            administrator::Act,
            time::{Time, hours},
        },
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::Params,
        },
        service::Service,
        store::{
            audit::Search,
            count::{self, By, Group},
        },
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(statistics))
}

/// By what rows are counted.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Part {
    /// By hour: the key is its beginning in RFC 3339.
    Hour,
    /// By day: `2026-11-20`.
    Day,
    /// By the user's name; the hundred with the most.
    User,
    /// By application.
    Application,
    /// By address; the hundred with the most.
    Source,
    /// By reason.
    Reason,
    /// By event.
    Event,
    /// By the hour of the week: `1 00` is the first hour of Monday, `7 23` the last of Sunday.
    WeekdayHour,
}

/// What is counted, and by what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CountWish {
    /// By what.
    #[param(inline)]
    by: Part,
    /// The words of a filter: `result:fail app:vpn`.
    q: Option<String>,
    /// From this time on: a day ago by hour, else 28 days, unless told.
    since: Option<String>,
    /// Before this time: now, unless told.
    until: Option<String>,
    /// How many minutes the clocks of the one who asks are ahead of UTC.
    #[param(minimum = -840, maximum = 840)]
    offset_minutes: Option<i64>,
}

/// What the audit says, counted.
#[utoipa::path(get, path = "/v1/admin/audit/statistics", tag = "audit", params(CountWish),
    security(("administrator" = [])), responses((status = 200, body = Statistics), Refusals))]
async fn statistics(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<CountWish>,
) -> Result<Json<Statistics>, Refusal> {
    admin.may(&service, Act::Look).await?;
    let offset = wish.offset_minutes.unwrap_or(0);
    if !(-FARTHEST..=FARTHEST).contains(&offset) {
        return Err(Refusal::unreadable("\"offset_minutes\" is a number from -840 to 840"));
    }
    let (part, now) = (wish.by, service.now());
    let mut filter = Wish { q: wish.q, since: wish.since, until: wish.until }.filter(now)?;
    let (usual, longest) = part.range();
    let until = filter.until.unwrap_or(now.after(std::time::Duration::from_millis(1)));
    let since = *filter.since.get_or_insert_with(|| until.before(hours(usual)));
    filter.until = Some(until);
    if until.since(since) > hours(longest) {
        let detail = format!("that is a longer time than is counted at once: at most {} days", longest / 24);
        return Err(Refusal::unreadable(detail));
    }
    let search = Search::new(service.store.pool(), filter).await?;
    let groups = count::count(service.store.pool(), &search, part.group(offset)).await?;
    Ok(Json(shown(part, offset, groups)))
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::User => "user",
            Self::Application => "application",
            Self::Source => "source",
            Self::Reason => "reason",
            Self::Event => "event",
            Self::WeekdayHour => "weekday_hour",
        }
    }

    fn group(self, offset: i64) -> By {
        let ahead = offset * 60_000;
        match self {
            Self::Hour => By::Hour { ahead },
            Self::Day => By::Day { ahead },
            Self::WeekdayHour => By::HourOfWeek { ahead },
            Self::User => By::User,
            Self::Application => By::Application,
            Self::Source => By::Address,
            Self::Reason => By::Reason,
            Self::Event => By::Event,
        }
    }

    /// How many hours are usual, and how many are the most.
    fn range(self) -> (u64, u64) {
        match self {
            Self::Hour => (24, 31 * 24),
            _ => (28 * 24, 400 * 24),
        }
    }

    /// A number of hours, days or hours of a week, as a text.
    fn key(self, number: i64, offset: i64) -> String {
        let start = |hour: i64| timestamp(Time::from_seconds(hour * 3600 - offset * 60));
        match self {
            Self::Hour => {
                let offset = i32::try_from(offset * 60).ok().and_then(|it| Offset::from_seconds(it).ok());
                start(number).display_with_offset(offset.unwrap_or(Offset::UTC)).to_string()
            }
            Self::Day => {
                timestamp(Time::from_seconds(number * 86_400)).to_zoned(TimeZone::UTC).date().to_string()
            }
            _ => format!("{} {:02}", number / 24 + 1, number % 24),
        }
    }
}

fn shown(part: Part, offset: i64, groups: (u64, Vec<Group>)) -> Statistics {
    let (total, groups) = groups;
    let rows = groups.into_iter().map(|group| {
        let key = group.number.map_or(group.text, |number| part.key(number, offset));
        let results = [("success", group.success), ("failure", group.failure)];
        let results = results.into_iter().filter(|(_, many)| *many > 0);
        Counted {
            key,
            total: group.total,
            results: results.map(|(word, many)| (word.to_owned(), many)).collect(),
        }
    });
    Statistics { by: part.word().to_owned(), total, rows: rows.collect() }
}

const FARTHEST: i64 = 840;
