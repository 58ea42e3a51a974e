//! Functions on IP networks.

use super::super::value::{Type, Val};
use super::{Call, Failure, Function, Parameter, Takes, takes};
use num_bigint::{BigInt, Sign};
use std::net::{Ipv4Addr, Ipv6Addr};

const TEXT: Parameter = takes(Takes::String);
const NUMBER: Parameter = takes(Takes::Number);

pub(super) const TABLE: &[Function] = &[
    Function { name: "cidrcontains", parameters: &[TEXT, TEXT], rest: None, returns: Takes::Bool, run: contains },
    Function { name: "cidrhost", parameters: &[TEXT, NUMBER], rest: None, returns: Takes::String, run: host },
    Function { name: "cidrnetmask", parameters: &[TEXT], rest: None, returns: Takes::String, run: netmask },
    Function {
        name: "cidrsubnet",
        parameters: &[TEXT, NUMBER, NUMBER],
        rest: None,
        returns: Takes::String,
        run: subnet,
    },
    Function {
        name: "cidrsubnets",
        parameters: &[TEXT],
        rest: Some(NUMBER),
        returns: Takes::ListOfString,
        run: subnets,
    },
];

/// A network: the first of its addresses, and how many of the leading bits they share.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Network {
    first: u128,
    prefix: u32,
    /// Bits of an address.
    width: u32,
}

impl Network {
    /// The network that an address is in.
    fn around(address: u128, prefix: u32, width: u32) -> Network {
        Network { first: address & !host_bits(prefix, width), prefix, width }
    }

    fn last(self) -> u128 {
        self.first | host_bits(self.prefix, self.width)
    }

    fn holds(self, address: u128) -> bool {
        self.first <= address && address <= self.last()
    }

    /// Of a network of IPv4 addresses in IPv6 as that of the addresses.
    fn text(self) -> String {
        let prefix = if self.is_mapped() { self.prefix.saturating_sub(96) } else { self.prefix };
        format!("{}/{prefix}", address_text(self.first, self.width))
    }

    fn is_mapped(self) -> bool {
        self.width == 128 && Ipv6Addr::from_bits(self.first).to_ipv4_mapped().is_some()
    }

    /// As a network of IPv4 addresses, where it is one of those in IPv6.
    fn unmapped(self) -> Network {
        if self.is_mapped() && self.prefix >= 96 {
            Network { first: self.first & u128::from(u32::MAX), prefix: self.prefix - 96, width: 32 }
        } else {
            self
        }
    }

    /// The address that has all bits of the network's and of a number as well, moved up. As Terraform computes it: of a
    /// negative number all higher bits are set, and then its sign is forgotten.
    fn with_number(self, number: &BigInt, shift: u32) -> Option<u128> {
        let bits = BigInt::from(self.first) | (number << shift);
        let address = u128::try_from(bits.magnitude().clone()).ok()?;
        (self.width == 128 || address <= u128::from(u32::MAX)).then_some(address)
    }
}

/// The bits that tell the addresses of a network apart.
fn host_bits(prefix: u32, width: u32) -> u128 {
    u128::MAX.checked_shr(128 - (width - prefix)).unwrap_or(0)
}

fn address_text(address: u128, width: u32) -> String {
    if width == 32 {
        return Ipv4Addr::from_bits(address as u32).to_string();
    }
    let address = Ipv6Addr::from_bits(address);
    address.to_ipv4_mapped().map_or_else(|| address.to_string(), |address| address.to_string())
}

/// An address with its width. Zeros in front of a decimal number are no octal, as Terraform has always read them.
fn address(text: &str) -> Option<(u128, u32)> {
    if text.contains(':') {
        let plain = match text.rsplit_once(':') {
            Some((head, tail)) if tail.contains('.') => format!("{head}:{}", ipv4(tail)?),
            _ => text.to_owned(),
        };
        return plain.parse::<Ipv6Addr>().ok().map(|address| (address.to_bits(), 128));
    }
    ipv4(text).map(|address| (u128::from(address.to_bits()), 32))
}

fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let parts: Vec<&str> = text.split('.').collect();
    let numbers = parts.iter().map(|part| decimal(part).and_then(|number| u8::try_from(number).ok()));
    let octets: Vec<u8> = numbers.collect::<Option<_>>()?;
    <[u8; 4]>::try_from(octets).ok().map(Ipv4Addr::from)
}

fn decimal(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn network(text: &str) -> Option<Network> {
    let (before, after) = text.split_once('/')?;
    let (address, width) = address(before)?;
    let prefix = decimal(after).filter(|prefix| *prefix <= width)?;
    Some(Network::around(address, prefix, width))
}

fn network_argument(call: &Call<'_>) -> Result<Network, Failure> {
    network(call.text(0)).ok_or_else(|| Failure::of(0, "must be a network such as `10.0.0.0/8`"))
}

/// The last 64 bits of a number's size.
fn low_bits(number: &BigInt) -> u64 {
    number.magnitude().iter_u64_digits().next().unwrap_or(0)
}

fn host(call: &Call<'_>) -> Result<Val, Failure> {
    let network = network_argument(call)?;
    let number = call.whole(1)?;
    let most = BigInt::from(host_bits(network.prefix, network.width));
    let (number, checked) = match number.sign() {
        Sign::Minus => (&number + &most + 1, -number - 1),
        // Only these bits are looked at, and as a number with a sign.
        _ => (number.clone(), BigInt::from(low_bits(&number).cast_signed())),
    };
    let shift = if network.is_mapped() { 96 } else { 0 };
    let address = if checked <= most { network.with_number(&number, shift) } else { None };
    let address = address.ok_or_else(|| Failure::of(1, "is more than the network has addresses"))?;
    Ok(Val::string(address_text(address, network.width)))
}

fn netmask(call: &Call<'_>) -> Result<Val, Failure> {
    let network = network_argument(call)?;
    if network.width != 32 {
        return Err(Failure::of(0, "must be an IPv4 network"));
    }
    Ok(Val::string(Ipv4Addr::from_bits(!host_bits(network.prefix, 32) as u32).to_string()))
}

fn subnet(call: &Call<'_>) -> Result<Val, Failure> {
    let (bits, number) = (call.integer(1)?, call.whole(2)?);
    let network = network_argument(call)?;
    let prefix = i64::from(network.prefix).checked_add(bits).and_then(|prefix| u32::try_from(prefix).ok());
    let prefix = prefix.filter(|prefix| *prefix <= network.width);
    let prefix = prefix.ok_or_else(|| Failure::of(1, "would make the prefix longer than an address"))?;
    let most = match u32::try_from(bits) {
        Ok(bits @ 0..64) => (1u64 << bits) - 1,
        _ => u64::MAX,
    };
    let fits = low_bits(&number) <= most;
    let first = if fits { network.with_number(&number, network.width - prefix) } else { None };
    let first = first.ok_or_else(|| Failure::of(2, "is more than there are such subnets"))?;
    Ok(Val::string(Network { first, prefix, width: network.width }.text()))
}

fn subnets(call: &Call<'_>) -> Result<Val, Failure> {
    let network = network_argument(call)?;
    // Where the next subnet may start; nothing is left when it does not fit an address any more. Before the first of all
    // addresses there is none to go on from, which Terraform takes for the end.
    let mut free = Some(network.first).filter(|first| *first != 0);
    let mut subnets = Vec::new();
    for index in 1..call.arguments.len() {
        let bits = u32::try_from(call.integer(index)?).ok().filter(|bits| (1..=32).contains(bits));
        let bits = bits.ok_or_else(|| Failure::of(index, "must be a whole number from 1 to 32"))?;
        let prefix = network.prefix + bits;
        if prefix > network.width {
            return Err(Failure::of(index, "would make the prefix longer than an address"));
        }
        let size_less_one = host_bits(prefix, network.width);
        let start = free.and_then(|free| free.checked_add(size_less_one)).map(|start| start & !size_less_one);
        let start = start.filter(|start| network.holds(*start));
        let start = start.ok_or_else(|| Failure::of(index, "not enough addresses are left"))?;
        let subnet = Network { first: start, prefix, width: network.width };
        free = subnet.last().checked_add(1);
        subnets.push(Val::string(subnet.text()));
    }
    Ok(Val::list(Type::String, subnets))
}

fn contains(call: &Call<'_>) -> Result<Val, Failure> {
    let outer = network_argument(call)?.unmapped();
    let inner = match address(call.text(1)) {
        Some((address, width)) => Some(Network { first: address, prefix: width, width }),
        None => network(call.text(1)),
    };
    let inner = inner.ok_or_else(|| Failure::of(1, "must be an address or a network"))?.unmapped();
    if inner.width != outer.width {
        return Err(Failure::of(1, "is not of the same family of addresses"));
    }
    Ok(Val::bool(outer.holds(inner.first) && outer.holds(inner.last())))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{failure, value};

    /// The function's own documentation says so.
    #[test]
    fn cidrcontains_looks_at_addresses_and_networks() {
        let within = |outer, inner| value("cidrcontains", &[outer, inner]).as_bool();
        assert_eq!(within("192.168.2.0/20", "192.168.2.1"), Some(true));
        assert_eq!(within("192.168.2.0/20", "192.168.2.0/22"), Some(true));
        assert_eq!(within("192.168.2.0/20", "192.126.2.1"), Some(false));
        assert_eq!(within("192.168.2.0/20", "192.126.2.0/18"), Some(false));
        assert_eq!(within("fe80::/48", "fe80::1"), Some(true));
        assert_eq!(within("fe80::/48", "fe81::1"), Some(false));
        assert!(failure("cidrcontains", &["10.0.0.0/8", "fe80::1"]).message.contains("family"));
    }
}
