//! Asking for the numbers of a chart.

use jiff::tz::Offset;

use super::{
    Charts,
    data::{Chart, heat_since},
};
use crate::{
    admin::{
        Provider,
        error::AdminError,
        model::{AuditFilter, Statistics},
    },
    tui::{
        admin::{
            answer::{Answer, Reply},
            ask::By,
            link::is_trouble,
            words,
        },
        context::Context,
    },
};

impl Charts {
    pub(super) fn ask(&mut self, by: By, cx: &mut Context) {
        let now = cx.now();
        let offset = words::zone(cx).to_offset(now);
        let chart = Chart::new(self.span, now, offset);
        let (query, parts) = (self.query(), chart.clone());
        let number = cx.ask(by, move |server| {
            let base = AuditFilter { query, ahead_minutes: minutes(offset), ..AuditFilter::default() };
            let heat = AuditFilter { since: Some(heat_since(now)), ..base.clone() };
            let bars = AuditFilter { since: Some(parts.since(now)), until: Some(parts.until(now)), ..base };
            Answer::Counted(counted(server, (&bars, &heat), parts))
        });
        self.asked = number.map(|number| (number, chart));
    }

    pub(super) fn answered(&mut self, reply: &Reply, cx: &mut Context) {
        let Some((_, mut chart)) = self.asked.take_if(|(number, _)| *number == reply.number) else { return };
        match &reply.answer {
            Answer::Counted(Ok(counted)) => {
                chart.fill(counted);
                self.shown = self.query();
                let is_new = self.chart.as_ref().is_none_or(|own| own.span != chart.span);
                if is_new {
                    self.bar = chart.peak();
                    let (day, hour, _) = chart.hottest();
                    self.cell = (day, hour);
                }
                (self.chart, self.read, self.fault) = (Some(chart), Some(cx.now()), None);
            }
            Answer::Counted(Err(error)) => self.failed(error, cx),
            _ => {}
        }
    }

    fn failed(&mut self, error: &AdminError, cx: &mut Context) {
        match error {
            AdminError::Refused { why, right: None, .. } if !self.filter.is_empty() => {
                self.fault = Some(words::capital(why));
            }
            error if is_trouble(error) => {}
            error => {
                let words = words::sentence(error, cx.admin.as_ref());
                cx.fail(words);
            }
        }
    }
}

/// By hour or day, by hour of the week, by user, by source, by reason, and who stands behind the busiest bar.
fn counted(
    server: &dyn Provider,
    (bars, heat): (&AuditFilter, &AuditFilter),
    mut chart: Chart,
) -> Result<Vec<Statistics>, AdminError> {
    let unit = if chart.span.is_hourly() { "hour" } else { "day" };
    let mut counted = vec![server.statistics(bars, unit)?, server.statistics(heat, "weekday_hour")?];
    for by in ["user", "source", "reason"] {
        counted.push(server.statistics(bars, by)?);
    }
    chart.fill(&counted);
    if let Some(peak) = chart.bars.get(chart.peak()).filter(|bar| bar.count > 0) {
        let hour = AuditFilter { since: Some(peak.from), until: Some(peak.until), ..bars.clone() };
        counted.push(server.statistics(&hour, "source")?);
    }
    Ok(counted)
}

fn minutes(offset: Offset) -> i16 {
    i16::try_from(offset.seconds() / 60).unwrap_or(0)
}
