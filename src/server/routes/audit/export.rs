//! Everything that a filter finds, as CSV or as lines of JSON: read page by page while it is written, so that it takes
//! the memory of one page however long it is.

use axum::{
    body::{Body, Bytes},
    extract::State,
    http::{HeaderValue, header},
    response::Response,
};
use futures_util::stream;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{shown::shown, wish::Wish};
use crate::{
    api::audit::Record,
    server::{
        domain::administrator::Act,
        routes::{
            authority::Admin,
            refusal::{Refusal, Refusals},
            request::Params,
        },
        service::Service,
        store::{StoreError, audit::Search, read::Cursor},
    },
};

pub(super) fn router() -> OpenApiRouter<Service> {
    OpenApiRouter::new().routes(routes!(table)).routes(routes!(lines))
}

/// Everything that a filter finds, the newest first, as a table.
#[utoipa::path(get, path = "/v1/admin/audit.csv", tag = "audit", params(Wish), security(("administrator" = [])),
    responses((status = 200, body = String, content_type = "text/csv"), Refusals))]
async fn table(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<Wish>,
) -> Result<Response, Refusal> {
    admin.may(&service, Act::Look).await?;
    let search = wish.search(&service).await?;
    let head = csv_line(COLUMNS.map(str::to_owned).as_slice());
    Ok(answer("text/csv; charset=utf-8", written(service, search, (head, csv))))
}

/// Everything that a filter finds, the newest first, one row of JSON a line.
#[utoipa::path(get, path = "/v1/admin/audit.jsonl", tag = "audit", params(Wish), security(("administrator" = [])),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), Refusals))]
async fn lines(
    State(service): State<Service>,
    admin: Admin,
    Params(wish): Params<Wish>,
) -> Result<Response, Refusal> {
    admin.may(&service, Act::Look).await?;
    let search = wish.search(&service).await?;
    Ok(answer("application/x-ndjson", written(service, search, (vec![], json))))
}

fn answer(kind: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// How one row is written.
type Form = fn(&Record) -> Vec<u8>;

/// Where an export has come to.
struct Export {
    service: Service,
    search: Search,
    behind: Option<Cursor>,
    head: Vec<u8>,
    form: Form,
    over: bool,
}

/// A body that reads the next page when the last one was taken. An error breaks it off, which every client notices.
fn written(service: Service, search: Search, (head, form): (Vec<u8>, Form)) -> Body {
    let export = Export { service, search, behind: None, head, form, over: false };
    Body::from_stream(stream::try_unfold(export, page))
}

async fn page(mut export: Export) -> Result<Option<(Bytes, Export)>, StoreError> {
    if export.over {
        return Ok(None);
    }
    let rows = export.search.page(export.service.store.pool(), export.behind.as_ref(), PAGE).await?;
    let mut bytes = std::mem::take(&mut export.head);
    export.over = rows.len() < usize::try_from(PAGE).unwrap_or(0);
    for row in rows {
        export.behind = Some(Cursor { at: row.at, replica: row.replica.clone(), seq: row.seq });
        bytes.extend((export.form)(&shown(row)));
    }
    Ok(Some((bytes.into(), export)))
}

fn json(row: &Record) -> Vec<u8> {
    let mut line = serde_json::to_vec(row).expect("a row is JSON");
    line.push(b'\n');
    line
}

fn csv(row: &Record) -> Vec<u8> {
    let maybe = |value: &Option<String>| value.clone().unwrap_or_default();
    let word = row.reason.and_then(|reason| serde_json::to_value(reason).ok());
    let reason = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
    csv_line(&[
        row.at.to_string(),
        row.event.clone(),
        row.result.clone(),
        reason.to_owned(),
        maybe(&row.factor),
        maybe(&row.application),
        maybe(&row.user),
        maybe(&row.user_id),
        row.actor.clone(),
        maybe(&row.address),
        maybe(&row.country),
        maybe(&row.request),
        maybe(&row.detail),
        row.replica.clone(),
        row.seq.to_string(),
    ])
}

fn csv_line(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().from_writer(vec![]);
    writer.write_record(cells.iter().map(|cell| harmless(cell))).expect("memory takes every line");
    writer.into_inner().expect("memory takes every line")
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

const PAGE: i64 = 500;
const COLUMNS: [&str; 15] = [
    "time",
    "event",
    "result",
    "reason",
    "factor",
    "application",
    "user",
    "user_id",
    "actor",
    "address",
    "country",
    "request",
    "detail",
    "replica",
    "seq",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_comes_back() {
        for (cell, line) in [
            ("=1+1", "'=1+1\n"),
            ("+49", "'+49\n"),
            ("-1", "'-1\n"),
            ("@a", "'@a\n"),
            ("\ta", "'\ta\n"),
            ("\r=a", "\"'\r=a\"\n"),
            ("a,\"b\"", "\"a,\"\"b\"\"\"\n"),
            ("plain", "plain\n"),
        ] {
            assert_eq!(String::from_utf8(csv_line(&[cell.to_owned()])).unwrap(), line);
        }
    }
}
