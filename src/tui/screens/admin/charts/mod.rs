//! What happened, in numbers: bars of hours or days, a week of hours, a table; and the one sentence that they say.
//!
//! | file | what lives there |
//! |---|---|
//! | `data` | the numbers, and the sentence |
//! | `asking` | asking for them |
//! | `draw`, `bars`, `heat`, `table` | the picture |

mod asking;
mod bars;
mod data;
mod draw;
mod heat;
mod table;

use jiff::Timestamp;
use ratatui::{Frame, layout::Rect};

use self::data::{Chart, Span, WEEKDAYS};
use super::{export::ExportBox, pane::Pane};
use crate::{
    admin::model::AuditFilter,
    tui::{
        action::Do,
        admin::{
            answer::Answer,
            ask::By,
            link::Wish,
            scroll::{MOVES, Scroll},
            tab::Tab,
            words,
        },
        class::Class,
        context::Context,
        key::Key,
        message::Message,
        screen::{Hint, Screen, Step},
        widgets::field::Field,
    },
};

/// The charts.
pub struct Charts {
    span: Span,
    view: View,
    chart: Option<Chart>,
    /// The question that is under way, and what it fills.
    asked: Option<(u64, Chart)>,
    /// What the numbers on the screen are of.
    shown: String,
    read: Option<Timestamp>,
    /// The selected bar.
    bar: usize,
    /// The selected hour of the week: weekday from Monday, hour.
    cell: (usize, usize),
    scroll: Scroll,
    filter: Field,
    /// Whether keys go into the field.
    focused: bool,
    fault: Option<String>,
}

/// How the numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Bars,
    Heat,
    Table,
}

const OWN: [Do; 10] = [
    Do::OpenRange,
    Do::NextView,
    Do::PreviousView,
    Do::Longer,
    Do::Shorter,
    Do::PickLeft,
    Do::PickRight,
    Do::Search,
    Do::Export,
    Do::Refresh,
];
/// What is counted where nobody says otherwise.
const FAILED: &str = "result:fail";
/// The longest filter, in characters.
const LIMIT: usize = 256;

impl Charts {
    /// The charts of the open server; they are asked for when somebody looks.
    pub fn new() -> Self {
        Self {
            span: Span::default(),
            view: View::Bars,
            chart: None,
            asked: None,
            shown: FAILED.to_owned(),
            read: None,
            bar: 0,
            cell: (0, 0),
            scroll: Scroll::default(),
            filter: Field::new(LIMIT),
            focused: false,
            fault: None,
        }
    }

    /// What is counted.
    fn query(&self) -> String {
        let text = self.filter.text().trim().to_owned();
        if text.is_empty() { FAILED.to_owned() } else { text }
    }

    fn turn(&mut self, by: usize) {
        let all = [View::Bars, View::Heat, View::Table];
        self.view = all[(self.view as usize + by) % all.len()];
    }

    fn range(&mut self, longer: bool, cx: &mut Context) {
        let to = self.span.turned(longer);
        if to == self.span {
            return cx.say(format!(
                "{} is the {} range.",
                words::capital(to.words()),
                if longer { "longest" } else { "shortest" }
            ));
        }
        self.span = to;
        self.ask(By::Person, cx);
    }

    fn pick(&mut self, action: Do, key: Key) {
        let bars = self.chart.as_ref().map_or(0, |chart| chart.bars.len());
        let last = bars.saturating_sub(1);
        match (self.view, action) {
            (View::Heat, Do::PickLeft) => self.cell.1 = self.cell.1.saturating_sub(1),
            (View::Heat, Do::PickRight) => self.cell.1 = (self.cell.1 + 1).min(23),
            (View::Heat, Do::Up) => self.cell.0 = self.cell.0.saturating_sub(1),
            (View::Heat, Do::Down) => self.cell.0 = (self.cell.0 + 1).min(6),
            (View::Heat, Do::First) => self.cell.1 = 0,
            (View::Heat, Do::Last) => self.cell.1 = 23,
            (View::Bars, Do::Up | Do::Down | Do::PageUp | Do::PageDown) => {}
            (_, Do::PickLeft) => self.bar = self.bar.saturating_sub(1),
            (_, Do::PickRight) => self.bar = (self.bar + 1).min(last),
            (View::Bars, Do::First) => self.bar = 0,
            (View::Bars, Do::Last) => self.bar = last,
            (_, moves) => {
                self.scroll.select(self.bar, bars);
                self.scroll.act(moves, key, bars);
                self.bar = self.scroll.cursor();
            }
        }
    }

    /// The audit of the selected time.
    fn open(&self, cx: &mut Context) {
        let now = cx.now();
        let Some(chart) = &self.chart else { return };
        let (since, until) = match self.view {
            View::Heat => chart.last(self.cell, now),
            _ => match chart.bars.get(self.bar) {
                Some(bar) => (bar.from, bar.until),
                None => return,
            },
        };
        let filter = AuditFilter {
            query: self.query(),
            since: Some(since),
            until: Some(until),
            ..AuditFilter::default()
        };
        if let Some(link) = &mut cx.admin {
            link.wish = Some(Wish { tab: Tab::Audit, filter });
        }
    }

    fn typing(&mut self, action: Do, cx: &mut Context) {
        if action == Do::SearchClear {
            self.filter.clear();
        }
        self.focused = false;
        self.fault = None;
        self.ask(By::Person, cx);
    }
}

impl Default for Charts {
    fn default() -> Self {
        Self::new()
    }
}

impl Screen for Charts {
    fn actions(&self, _cx: &Context) -> Vec<Do> {
        if self.focused {
            return vec![Do::Submit, Do::SearchClear];
        }
        let filtered = (!self.filter.is_empty()).then_some(Do::SearchClear);
        OWN.into_iter().chain(MOVES).chain(filtered).collect()
    }

    fn hints(&self, cx: &Context) -> Vec<Hint> {
        if self.focused {
            return vec![Hint::says(Do::Submit, "count"), Do::SearchClear.into()];
        }
        if Class::of(cx.size).is_tiny() {
            return vec![Hint::says(Do::OpenRange, "audit"), Do::Help.into()];
        }
        let (keys, what) = match self.view {
            View::Heat => ("←↑↓→", "hour"),
            View::Bars => ("←→", "bar"),
            View::Table => ("↑↓", "row"),
        };
        let next = match self.view {
            View::Bars => "heatmap",
            View::Heat => "table",
            View::Table => "bars",
        };
        let mut hints = vec![
            Hint { action: Do::PickRight, key: Some(keys), words: Some(what.into()) },
            Hint::says(Do::OpenRange, "its audit"),
            Hint::says(Do::NextView, next),
            Hint { action: Do::Longer, key: Some("+ -"), words: Some("range".into()) },
            Hint::says(Do::Search, "filter"),
        ];
        if !self.filter.is_empty() {
            hints.push(Hint::says(Do::SearchClear, "clear filter"));
        }
        hints.extend([Do::Export.into(), Do::Help.into(), Do::Refresh.into()]);
        hints
    }

    fn act(&mut self, action: Do, key: Key, cx: &mut Context) -> Step {
        match action {
            Do::Submit | Do::SearchClear => self.typing(action, cx),
            Do::NextView => self.turn(1),
            Do::PreviousView => self.turn(2),
            Do::Longer | Do::Shorter => self.range(action == Do::Longer, cx),
            Do::OpenRange => self.open(cx),
            Do::Search => self.focused = true,
            Do::Refresh => self.ask(By::Person, cx),
            Do::Export => {
                let Some(csv) = self.chart.as_ref().map(|chart| chart.csv(self.view == View::Heat)) else {
                    return Step::Stay;
                };
                return ExportBox::table(csv, cx);
            }
            moves => self.pick(moves, key),
        }
        Step::Stay
    }

    fn on_key(&mut self, key: Key, _cx: &mut Context) -> Option<Step> {
        (self.focused && self.filter.key(key)).then_some(Step::Stay)
    }

    fn on_paste(&mut self, text: &str, cx: &mut Context) -> Option<Step> {
        if self.focused {
            self.filter.insert(text);
        } else {
            cx.say("Pasted text is only taken in a field: / opens the filter.");
        }
        Some(Step::Stay)
    }

    fn on_message(&mut self, message: &Message, cx: &mut Context) -> Step {
        match message {
            Message::Reloaded => self.ask(By::Clock, cx),
            Message::Admin(reply) if matches!(reply.answer, Answer::Applied(_)) => self.read = None,
            Message::Admin(reply) => self.answered(reply, cx),
            _ => {}
        }
        Step::Stay
    }

    fn on_lock(&mut self) -> bool {
        (self.chart, self.asked, self.read) = (None, None, None);
        true
    }

    fn status(&self, cx: &Context) -> Option<String> {
        if let Some(fault) = &self.fault {
            return Some(format!("{} {fault}.", cx.symbols.warning));
        }
        let chart = self.chart.as_ref()?;
        if self.view == View::Heat {
            let (day, hour) = self.cell;
            let count = words::number(chart.heat[day][hour]);
            let date = chart.offset.to_datetime(chart.last(self.cell, cx.now()).0).date();
            let name = WEEKDAYS[day];
            return Some(format!(
                "{name} {hour:02} h: {count} in 4 weeks. Enter: audit of {date}, {hour:02} h"
            ));
        }
        let count = words::number(chart.bars.get(self.bar).map_or(0, |bar| bar.count));
        let (name, usual) = (chart.name(self.bar), chart.usual(self.bar));
        Some(format!("{name}: {count}, usual {usual:.1}. Enter opens the audit of it"))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, cx: &Context) {
        self.picture(frame, area, cx);
    }
}

impl Pane for Charts {
    fn entered(&mut self, cx: &mut Context) {
        self.ask(By::Person, cx);
    }
}
