//! An event as a line of a file: JSON in the shape that scripts know, or CSV that no spreadsheet takes for a formula.

use serde_json::{Value, json};

use super::model::Event;

/// The head of a file of CSV.
pub const CSV_HEAD: &str = "time,user,result,app,what,detail,from,by,id\r\n";

/// `sesam.event/1`
pub fn object(event: &Event) -> Value {
    json!({
        "schema": "sesam.event/1",
        "id": event.id,
        "time": event.time.to_string(),
        "user": event.user,
        "result": event.outcome.word(),
        "app": event.application,
        "what": event.what,
        "detail": event.detail(),
        "from": event.from,
        "by": event.by,
    })
}

/// A line of CSV (RFC 4180), with its end.
pub fn csv(event: &Event) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        event.time.to_string(),
        text(&event.user),
        event.outcome.word().to_owned(),
        text(&event.application),
        event.what.clone(),
        event.detail().unwrap_or_default().to_owned(),
        text(&event.from),
        text(&event.by),
        event.id.clone(),
    ];
    row(&cells)
}

/// Any cells as a line of CSV.
pub fn row(cells: &[String]) -> String {
    let mut line = cells.iter().map(|text| cell(text)).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// What begins like a formula gets a mark before it: whoever names themselves `=cmd|…` runs nothing on a desk.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) || is_formula {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::model::Outcome;

    #[test]
    fn cells_are_quoted_and_no_formula_comes_through() {
        let event = Event {
            id: "7".into(),
            time: jiff::Timestamp::UNIX_EPOCH,
            user: Some("=cmd|' /C calc'!A0".into()),
            outcome: Outcome::Fail,
            application: None,
            what: "wrong \"code\", twice".into(),
            from: Some("::1".into()),
            by: None,
            raw: json!({"detail": "lost phone, \"ticket\""}),
        };
        let expected = "1970-01-01T00:00:00Z,\"'=cmd|' /C calc'!A0\",fail,,\"wrong \"\"code\"\", twice\",\"lost phone, \"\"ticket\"\"\",::1,,7\r\n";
        assert_eq!(csv(&event), expected);
        assert_eq!(object(&event)["result"], "fail");
    }
}
