//! `sesam admin audit`: what happened, as it happens, and how often.

use std::fmt::Write as _;
use std::time::Duration;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{
    chart::{self, Ink},
    connect::{Connected, connect, failed},
    shapes,
    user::style,
};
use crate::{
    admin::{
        error::AdminError,
        lines,
        model::{AuditFilter, Event},
    },
    cli::{
        context::Context,
        exit::{Done, Exit, Failure},
        table,
        time::parse_time,
    },
    config::{Symbols, parse_duration},
    output,
    text::safe,
};

/// Read the audit log
#[derive(Subcommand)]
pub enum AuditCommand {
    /// List events, the newest first; filters narrow: user:alan app:vpn result:fail from:10.8.0.14
    #[command(visible_alias = "ls")]
    List {
        #[command(flatten)]
        filter: FilterArgs,
        /// How many at most
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
        /// Print CSV, which no spreadsheet takes for formulas
        #[arg(long, conflicts_with_all = ["json", "jsonl"])]
        csv: bool,
    },
    /// Print events as they happen, until Ctrl-C
    #[command(visible_alias = "tail")]
    Follow {
        #[command(flatten)]
        filter: FilterArgs,
    },
    /// Count events
    Stats {
        #[command(flatten)]
        filter: FilterArgs,
        /// By what: hour, day, user, app, source, reason, weekday-hour
        #[arg(long, value_name = "WHAT", default_value = "reason", value_parser = BY)]
        by: String,
        /// Draw bars, and the hours of the week as a field
        #[arg(long)]
        chart: bool,
    },
}

/// Which events.
#[derive(Args)]
pub struct FilterArgs {
    /// Words and filters
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// From when: 2h (ago), 09:00, 2026-11-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub since: Option<String>,
    /// Until when
    #[arg(long, value_name = "TIME")]
    pub until: Option<String>,
    /// Of this user
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,
    /// At this application
    #[arg(long, value_name = "ID")]
    pub app: Option<String>,
    /// ok or fail
    #[arg(long, value_name = "RESULT", value_parser = ["ok", "fail"])]
    pub result: Option<String>,
}

/// Runs the command.
pub(super) fn run(cx: &Context, named: Option<&str>, command: &AuditCommand) -> Done {
    let server = connect(cx, named)?;
    match command {
        AuditCommand::List { filter, limit, csv } => list(cx, &server, (&read(cx, filter)?, *limit), *csv),
        AuditCommand::Follow { filter } => follow(cx, &server, &read(cx, filter)?),
        AuditCommand::Stats { filter, by, chart } => stats(cx, &server, (&read(cx, filter)?, by), *chart),
    }
}

fn read(cx: &Context, args: &FilterArgs) -> Result<AuditFilter, Failure> {
    let mut query = args.filter.join(" ");
    for (name, value) in [("user", &args.user), ("app", &args.app), ("result", &args.result)] {
        if let Some(value) = value {
            let _ = write!(query, " {name}:\"{}\"", value.replace('"', ""));
        }
    }
    let time = |text: &Option<String>| text.as_deref().map(|text| moment(cx, text)).transpose();
    Ok(AuditFilter {
        query: query.trim().to_owned(),
        since: time(&args.since)?,
        until: time(&args.until)?,
        limit: None,
        ahead_minutes: 0,
    })
}

/// A time, or a span that lies so long back.
fn moment(cx: &Context, text: &str) -> Result<Timestamp, Failure> {
    let back = parse_duration(text).and_then(|span| cx.now().checked_sub(span).ok());
    if let Some(time) = back {
        return Ok(time);
    }
    let seconds = parse_time(text, cx.now()).map_err(Failure::usage)?;
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| Failure::usage("the time is too far away"))
}

fn list(cx: &Context, server: &Connected, (filter, limit): (&AuditFilter, usize), csv: bool) -> Done {
    let (mut events, mut cursor): (Vec<Event>, Option<String>) = (vec![], None);
    while events.len() < limit {
        let left = u16::try_from((limit - events.len()).min(500)).unwrap_or(500);
        let filter = AuditFilter { limit: Some(left), ..filter.clone() };
        let page = server.provider.audit(&filter, cursor.as_deref()).map_err(failed)?;
        events.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if cx.as_json() {
        cx.print_json_list(events.iter().map(shapes::event).collect())?;
    } else if csv {
        let lines: String = events.iter().map(|event| lines::csv(&shown(event))).collect();
        output::data(&format!("{}{lines}", lines::CSV_HEAD))?;
    } else {
        let rows: Vec<Vec<String>> = events.iter().map(row).collect();
        output::data(&table::draw(&["TIME", "", "USER", "APP", "WHAT", "FROM", "BY"], &rows, style()))?;
    }
    Ok(if events.is_empty() { Exit::NotFound } else { Exit::Done })
}

/// Until nobody reads any more, or the server refuses; a connection that is lost is made again behind the last event.
fn follow(cx: &Context, server: &Connected, filter: &AuditFilter) -> Done {
    // With a time to begin at, what was before now comes first.
    let begin = filter.since.map(|_| "-".to_owned());
    let (mut after, mut wait): (Option<String>, u64) = (begin, 1);
    loop {
        let mut printed = Ok(());
        let followed = server.provider.follow(filter, after.as_deref(), &mut |event| {
            wait = 1;
            let Some(event) = event else { return true };
            printed = print(cx, &event);
            printed.is_ok()
        });
        printed?;
        match followed {
            Ok(last) => after = last.or(after),
            Err(AdminError::Unreachable { .. }) if after.is_some() => {}
            Err(error) => return Err(failed(error)),
        }
        cx.mention("the connection was lost; events are read again from where they ended");
        cx.pause(Duration::from_secs(wait));
        wait = (wait * 2).min(30);
    }
}

fn print(cx: &Context, event: &Event) -> Result<(), Failure> {
    if cx.as_json() {
        let line = shapes::event(event).to_string();
        return Ok(output::data(&format!("{}\n", output::ascii_safe(&line)))?);
    }
    let cells: Vec<String> = row(event).iter().map(|cell| safe(cell).into_owned()).collect();
    Ok(output::data(&format!("{}\n", cells.join("\t")))?)
}

fn stats(cx: &Context, server: &Connected, (filter, by): (&AuditFilter, &str), chart: bool) -> Done {
    let by = match by {
        "app" => "application",
        "weekday-hour" => "weekday_hour",
        other => other,
    };
    let counted = server.provider.statistics(filter, by).map_err(failed)?;
    if cx.as_json() {
        cx.print_json(&shapes::statistics(by, &counted))?;
        return Ok(Exit::Done);
    }
    if chart {
        let ink = if cx.settings.config.ui.symbols == Symbols::Ascii { Ink::Ascii } else { Ink::Blocks };
        output::data(&chart::draw(by, &counted, ink))?;
        return Ok(Exit::Done);
    }
    let count =
        |row: &crate::admin::model::Counted, result: &str| row.results.get(result).copied().unwrap_or(0);
    let cells = |row: &crate::admin::model::Counted| {
        let key = if row.key.is_empty() { "(none)".to_owned() } else { row.key.clone() };
        vec![key, row.total.to_string(), count(row, "failure").to_string()]
    };
    let rows: Vec<Vec<String>> = counted.rows.iter().map(cells).collect();
    output::data(&table::draw(&["WHAT", "EVENTS", "FAILED"], &rows, style()))?;
    Ok(Exit::Done)
}

/// The event without what a terminal acts upon: a table may be looked at in one.
fn shown(event: &Event) -> Event {
    let own = |text: &Option<String>| text.as_deref().map(|text| safe(text).into_owned());
    Event {
        user: own(&event.user),
        application: own(&event.application),
        what: safe(&event.what).into_owned(),
        from: own(&event.from),
        by: own(&event.by),
        ..event.clone()
    }
}

fn row(event: &Event) -> Vec<String> {
    vec![
        format!("{:.0}", event.time),
        event.outcome.word().to_owned(),
        event.user.clone().unwrap_or_default(),
        event.application.clone().unwrap_or_default(),
        event.what.clone(),
        event.from.clone().unwrap_or_default(),
        event.by.clone().unwrap_or_default(),
    ]
}

const BY: [&str; 8] = ["hour", "day", "user", "app", "source", "reason", "event", "weekday-hour"];
