//! How often somebody may try: by address and by user, a minute at a time. What is over it is not judged and not
//! counted; the counters that lock are the store's.

use std::{net::IpAddr, num::NonZero, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::config;

/// The limits of one process.
pub struct Limits {
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    users: Option<DefaultKeyedRateLimiter<String>>,
}

impl Limits {
    /// As they are set.
    pub fn new(settings: config::Limits) -> Self {
        Self { addresses: limiter(settings.per_address_a_minute), users: limiter(settings.per_user_a_minute) }
    }

    /// One more try from an address for a name, by its key; or how long to wait. An IPv6 network of a household is
    /// one address.
    pub fn one_more(&self, address: IpAddr, name: &str) -> Result<(), Duration> {
        let address = match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
            own @ IpAddr::V4(_) => own,
        };
        check(self.addresses.as_ref(), &address)?;
        check(self.users.as_ref(), &name.to_owned())
    }

    /// Forgets who has not tried for a while.
    pub fn tidy(&self) {
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
        }
        if let Some(users) = &self.users {
            users.retain_recent();
        }
    }
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits(..)")
    }
}

fn limiter<K: Clone + std::hash::Hash + Eq>(a_minute: u32) -> Option<DefaultKeyedRateLimiter<K>> {
    NonZero::new(a_minute).map(|a_minute| RateLimiter::keyed(Quota::per_minute(a_minute)))
}

fn check<K: Clone + std::hash::Hash + Eq>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
) -> Result<(), Duration> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(key).map_err(|until| until.wait_time_from(DefaultClock::default().now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(address: u32, user: u32) -> Limits {
        Limits::new(config::Limits {
            per_address_a_minute: address,
            per_user_a_minute: user,
            hashes_at_once: 1,
        })
    }

    #[test]
    fn a_minute_holds_so_many_tries() {
        let limits = limits(3, 2);
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(limits.one_more(at("192.0.2.1"), "hugo").is_ok());
        assert!(limits.one_more(at("192.0.2.1"), "hugo").is_ok());
        let wait = limits.one_more(at("192.0.2.2"), "hugo").unwrap_err();
        assert!(wait > Duration::from_secs(20) && wait <= Duration::from_secs(30), "{wait:?}");
        assert!(limits.one_more(at("192.0.2.1"), "ida").is_ok());
        assert!(limits.one_more(at("192.0.2.1"), "jo").is_err());
        assert!(limits.one_more(at("192.0.2.9"), "jo").is_ok());
    }

    #[test]
    fn a_household_is_one_address_and_zero_is_no_limit() {
        let one = limits(1, 0);
        assert!(one.one_more("2001:db8::1".parse().unwrap(), "a").is_ok());
        assert!(one.one_more("2001:db8::2".parse().unwrap(), "b").is_err());
        let none = limits(0, 0);
        assert!((0..1000).all(|_| none.one_more("192.0.2.1".parse().unwrap(), "a").is_ok()));
    }
}
