use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{extract::ConnectInfo, http::Extensions};

/// Who asks, as far as a connection tells: an IPv4 address, or the first half of an IPv6 one, whose second half its
/// owner may choose anew for each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Client(IpAddr);

impl Client {
    /// Of a request; one without a connection is somebody unknown.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        let connection = extensions.get::<ConnectInfo<SocketAddr>>();
        connection.map_or(Self(Ipv4Addr::UNSPECIFIED.into()), |connection| {
            Self::new(connection.0.ip())
        })
    }

    pub(crate) fn new(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) if !address.is_loopback() => {
                let [first, second, third, fourth, ..] = address.segments();
                Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0).into()
            }
            other => other,
        })
    }

    /// This machine's user, who may ask the warehouse's file whatever the server does, or a proxy, behind which are
    /// many readers, and which has limits of its own.
    pub(crate) fn is_this_machine(self) -> bool {
        self.0.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

    fn client(address: &str) -> Client {
        Client::new(address.parse().unwrap())
    }

    #[test]
    fn a_client_is_its_network_where_it_may_choose_the_rest() {
        assert_eq!(client("2001:db8:1:2::3"), client("2001:db8:1:2:ffff::4"));
        assert_ne!(client("2001:db8:1:2::3"), client("2001:db8:1:3::3"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
        for local in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            assert!(client(local).is_this_machine(), "{local}");
        }
        assert!(!client("192.0.2.1").is_this_machine());
    }
}
