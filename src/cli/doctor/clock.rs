//! The clock of this machine: codes that follow the time are wrong when it is. Asks a time server over the network,
//! so it is looked at only when it is named.

use std::time::Duration;

use rsntp::{Config, SntpClient};

use super::finding::{Finding, State};
use crate::cli::context::Context;

/// More than this many seconds apart, and servers may refuse codes.
const TOLERANCE: f64 = 5.0;

/// Compares with a time server.
pub(super) fn look(cx: &Context, server: &str) -> Vec<Finding> {
    if cx.now().as_second() < 0 {
        let advice = ("no code can be made", "set the time: timedatectl set-ntp true".to_owned());
        return vec![Finding::bad("clock", State::Fault, "the clock lies before 1970", advice)];
    }
    let config = Config::default().timeout(Duration::from_secs(5));
    match SntpClient::with_config(config).synchronize(server) {
        Ok(answer) => vec![judged(answer.clock_offset().as_secs_f64(), server)],
        Err(error) => {
            let advice = (
                "it is not known whether the clock is right",
                "name another server: sesam doctor clock --time-server HOST".to_owned(),
            );
            vec![Finding::bad("clock", State::Warning, format!("{server} did not answer: {error}"), advice)]
        }
    }
}

/// What an offset means: positive when this machine is behind.
fn judged(offset: f64, server: &str) -> Finding {
    if offset.abs() <= TOLERANCE {
        return Finding::good("clock", format!("within {:.1} s of {server}", offset.abs()));
    }
    let direction = if offset < 0.0 { "ahead of" } else { "behind" };
    let what = format!("this machine is {:.0} s {direction} {server}", offset.abs());
    let cure = format!(
        "set the time: timedatectl set-ntp true; as a last resort: sesam config set codes.clock_offset {offset:.0}"
    );
    Finding::bad("clock", State::Fault, what, ("codes may be refused", cure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offset_is_named_with_its_direction_and_cure() {
        assert_eq!(judged(-0.2, "ntp").state, State::Good);
        let ahead = judged(-37.2, "ntp");
        assert_eq!(ahead.what, "this machine is 37 s ahead of ntp");
        assert!(ahead.cure.ends_with("codes.clock_offset -37"));
        assert_eq!(judged(60.0, "ntp").what, "this machine is 60 s behind ntp");
    }
}
