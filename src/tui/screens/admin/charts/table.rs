//! The same numbers as a table, and as CSV.

use std::borrow::Cow;

use ratatui::{Frame, layout::Rect};

use super::{
    Charts,
    data::{Chart, WEEKDAYS},
};
use crate::{
    admin::lines,
    tui::{
        admin::{
            table::{self, Columns},
            words,
        },
        context::Context,
    },
};

impl Charts {
    pub(super) fn table(&self, frame: &mut Frame<'_>, area: Rect, (chart, cx): (&Chart, &Context)) {
        let columns =
            Columns::new(3, &[("TIME", 10), ("EVENTS", 8), ("USUAL", 8)], area.width.min(30).into());
        columns.heads(frame, area, cx);
        let mut body = super::draw::below(area, 1);
        body.width = body.width.min(30);
        let rows = chart.bars.len();
        let top = self.scroll.top(body.height.into(), rows).min(self.bar);
        let top = top.max((self.bar + 1).saturating_sub(body.height.into()));
        for (at, row) in (top..rows).zip(body.rows()) {
            let base = if at == self.bar { table::select(frame, row, cx) } else { cx.theme.text };
            let cell = |head: &str| -> (Cow<'_, str>, _) {
                let text = match head {
                    "TIME" => chart.name(at),
                    "EVENTS" => format!("{:>6}", words::number(chart.bars[at].count)),
                    _ => format!("{:>5.1}", chart.usual(at)),
                };
                (text.into(), base)
            };
            columns.row(frame, row, (cell, cx));
        }
    }
}

impl Chart {
    /// The bars, or the week of hours, as CSV.
    pub(super) fn csv(&self, heat: bool) -> String {
        if heat {
            return self.heat_csv();
        }
        let mut csv = "from,until,events,usual\r\n".to_owned();
        for (at, bar) in self.bars.iter().enumerate() {
            let usual = format!("{:.1}", self.usual(at));
            csv.push_str(&lines::row(&[
                bar.from.to_string(),
                bar.until.to_string(),
                bar.count.to_string(),
                usual,
            ]));
        }
        csv
    }

    fn heat_csv(&self) -> String {
        let mut csv = "weekday,hour,events\r\n".to_owned();
        for (day, counts) in WEEKDAYS.iter().zip(&self.heat) {
            for (hour, count) in counts.iter().enumerate() {
                csv.push_str(&lines::row(&[(*day).to_owned(), hour.to_string(), count.to_string()]));
            }
        }
        csv
    }
}
