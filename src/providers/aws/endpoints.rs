//! Which address answers for a service, and with which region and name requests to it are signed.
//!
//! The table is taken from the partitions and endpoint rules that AWS publishes with its SDKs (botocore
//! `partitions.json` and `endpoint-rule-set-1.json` of iam, sts, s3 and s3control).

use url::Url;

/// A service that driftline reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    Iam,
    Sts,
    S3,
    S3Control,
}

impl Service {
    pub const ALL: [Service; 4] = [Service::Iam, Service::Sts, Service::S3, Service::S3Control];

    /// Its name in shared config files, in `endpoints` blocks (without `_`) and, in upper case, in variables.
    pub fn id(self) -> &'static str {
        match self {
            Service::Iam => "iam",
            Service::Sts => "sts",
            Service::S3 => "s3",
            Service::S3Control => "s3_control",
        }
    }

    /// An operation of it as errors name it, for example `iam:ListRoles`.
    pub fn title(self, operation: &str) -> String {
        format!("{}:{operation}", self.id().replace('_', ""))
    }

    /// Its prefix in permission names.
    pub fn prefix(self) -> &'static str {
        match self {
            Service::S3Control => "s3",
            other => other.id(),
        }
    }

    /// The `Version` of the query protocol, for services that speak it.
    pub fn version(self) -> &'static str {
        match self {
            Service::Iam => "2010-05-08",
            Service::Sts => "2011-06-15",
            Service::S3 | Service::S3Control => "",
        }
    }
}

/// A group of regions with its own IAM.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As in ARNs.
    pub id: &'static str,
    /// What names of its regions begin with.
    region_prefix: &'static str,
    suffix: &'static str,
    dual_stack_suffix: &'static str,
    iam_host: &'static str,
    iam_fips_host: &'static str,
    iam_dual_stack_host: &'static str,
    iam_fips_dual_stack_host: &'static str,
    /// With which requests to IAM are signed.
    pub iam_region: &'static str,
}

/// The commercial partition, last: its regions have no prefix of their own.
const PARTITIONS: [Partition; 8] = [
    Partition {
        id: "aws-cn",
        region_prefix: "cn-",
        suffix: "amazonaws.com.cn",
        dual_stack_suffix: "api.amazonwebservices.com.cn",
        iam_host: "iam.cn-north-1.amazonaws.com.cn",
        iam_fips_host: "iam-fips.amazonaws.com.cn",
        iam_dual_stack_host: "iam.global.api.amazonwebservices.com.cn",
        iam_fips_dual_stack_host: "iam-fips.api.amazonwebservices.com.cn",
        iam_region: "cn-north-1",
    },
    Partition {
        id: "aws-us-gov",
        region_prefix: "us-gov-",
        suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
        iam_host: "iam.us-gov.amazonaws.com",
        iam_fips_host: "iam.us-gov.amazonaws.com",
        iam_dual_stack_host: "iam.us-gov.api.aws",
        iam_fips_dual_stack_host: "iam.us-gov.api.aws",
        iam_region: "us-gov-west-1",
    },
    Partition {
        id: "aws-iso",
        region_prefix: "us-iso-",
        suffix: "c2s.ic.gov",
        dual_stack_suffix: "api.aws.ic.gov",
        iam_host: "iam.us-iso-east-1.c2s.ic.gov",
        iam_fips_host: "iam-fips.us-iso-east-1.c2s.ic.gov",
        iam_dual_stack_host: "iam.api.aws.ic.gov",
        iam_fips_dual_stack_host: "iam-fips.api.aws.ic.gov",
        iam_region: "us-iso-east-1",
    },
    Partition {
        id: "aws-iso-b",
        region_prefix: "us-isob-",
        suffix: "sc2s.sgov.gov",
        dual_stack_suffix: "api.aws.scloud",
        iam_host: "iam.us-isob-east-1.sc2s.sgov.gov",
        iam_fips_host: "iam-fips.us-isob-east-1.sc2s.sgov.gov",
        iam_dual_stack_host: "iam.api.aws.scloud",
        iam_fips_dual_stack_host: "iam-fips.api.aws.scloud",
        iam_region: "us-isob-east-1",
    },
    Partition {
        id: "aws-iso-e",
        region_prefix: "eu-isoe-",
        suffix: "cloud.adc-e.uk",
        dual_stack_suffix: "api.cloud-aws.adc-e.uk",
        iam_host: "iam.eu-isoe-west-1.cloud.adc-e.uk",
        iam_fips_host: "iam-fips.cloud.adc-e.uk",
        iam_dual_stack_host: "iam.api.cloud-aws.adc-e.uk",
        iam_fips_dual_stack_host: "iam-fips.api.cloud-aws.adc-e.uk",
        iam_region: "eu-isoe-west-1",
    },
    Partition {
        id: "aws-iso-f",
        region_prefix: "us-isof-",
        suffix: "csp.hci.ic.gov",
        dual_stack_suffix: "api.aws.hci.ic.gov",
        iam_host: "iam.us-isof-south-1.csp.hci.ic.gov",
        iam_fips_host: "iam-fips.csp.hci.ic.gov",
        iam_dual_stack_host: "iam.api.aws.hci.ic.gov",
        iam_fips_dual_stack_host: "iam-fips.api.aws.hci.ic.gov",
        iam_region: "us-isof-south-1",
    },
    Partition {
        id: "aws-eusc",
        region_prefix: "eusc-",
        suffix: "amazonaws.eu",
        dual_stack_suffix: "api.amazonwebservices.eu",
        iam_host: "iam.eusc-de-east-1.amazonaws.eu",
        iam_fips_host: "iam-fips.amazonaws.eu",
        iam_dual_stack_host: "iam.global.api.amazonwebservices.eu",
        iam_fips_dual_stack_host: "iam-fips.api.amazonwebservices.eu",
        iam_region: "eusc-de-east-1",
    },
    Partition {
        id: "aws",
        region_prefix: "",
        suffix: "amazonaws.com",
        dual_stack_suffix: "api.aws",
        iam_host: "iam.amazonaws.com",
        iam_fips_host: "iam-fips.amazonaws.com",
        iam_dual_stack_host: "iam.global.api.aws",
        iam_fips_dual_stack_host: "iam-fips.global.api.aws",
        iam_region: "us-east-1",
    },
];

/// The partition that a region belongs to; the commercial one for an unknown name.
pub fn partition_of(region: &str) -> &'static Partition {
    let [.., commercial] = &PARTITIONS;
    PARTITIONS.iter().find(|p| region.starts_with(p.region_prefix)).unwrap_or(commercial)
}

/// Whether a text can stand for a region in a host name. Regions come from files, variables and answers.
pub fn is_region(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 40
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// What the provider configuration, the variables and the shared files say about addresses.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// Addresses given for single services, or for all.
    pub overrides: Vec<(Service, Url)>,
    pub fips: bool,
    pub dual_stack: bool,
    /// Name buckets in the path even where the host could.
    pub path_style: bool,
}

/// An address to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub url: Url,
    /// The path that an overridden address begins with.
    pub base: String,
    pub signing_region: String,
    pub signing_name: &'static str,
}

impl Endpoints {
    pub fn overridden(&self, service: Service) -> Option<&Url> {
        self.overrides.iter().find(|(s, _)| *s == service).map(|(_, url)| url)
    }

    /// The address of a service's whole in a region. `None` only for a region that is no host name.
    pub fn of(&self, service: Service, region: &str) -> Option<Endpoint> {
        self.place(service, region, self.host(service, region), String::new())
    }

    /// The address of a bucket: in the host name, or in the path where the address is overridden, that style is asked
    /// for, or the name has dots (no certificate covers it then) or is none that a host could carry.
    pub fn of_bucket(&self, bucket: &str, region: &str) -> Option<Endpoint> {
        let host = self.host(Service::S3, region);
        if self.path_style || self.overridden(Service::S3).is_some() || !is_host_label(bucket) {
            self.place(Service::S3, region, host, format!("/{}", encode(bucket)))
        } else {
            self.place(Service::S3, region, format!("{bucket}.{host}"), String::new())
        }
    }

    /// The address of S3 Control for an account. An overridden address gets no account in its host: it need not be a
    /// name. The account goes in a header in either case.
    pub fn of_account(&self, account: &str, region: &str) -> Option<Endpoint> {
        let host = self.host(Service::S3Control, region);
        self.place(Service::S3Control, region, format!("{account}.{host}"), String::new())
    }

    fn place(&self, service: Service, region: &str, host: String, path: String) -> Option<Endpoint> {
        if !is_region(region) {
            return None;
        }
        let signing_region = match service {
            Service::Iam => partition_of(region).iam_region.to_owned(),
            _ => region.to_owned(),
        };
        let mut url = match self.overridden(service) {
            Some(url) => url.clone(),
            None => Url::parse(&format!("https://{host}/")).ok()?,
        };
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{}", if path.is_empty() { "/" } else { &path }));
        Some(Endpoint { url, base, signing_region, signing_name: service.prefix() })
    }

    fn host(&self, service: Service, region: &str) -> String {
        let partition = partition_of(region);
        let gov = partition.id == "aws-us-gov";
        let suffix = partition.suffix;
        let fips = if self.fips { "-fips" } else { "" };
        let dual = if self.dual_stack { ".dualstack" } else { "" };
        match (service, self.fips, self.dual_stack) {
            (Service::Iam, false, false) => partition.iam_host.to_owned(),
            (Service::Iam, true, false) => partition.iam_fips_host.to_owned(),
            (Service::Iam, false, true) => partition.iam_dual_stack_host.to_owned(),
            (Service::Iam, true, true) => partition.iam_fips_dual_stack_host.to_owned(),
            // GovCloud's ordinary endpoints are its FIPS endpoints.
            (Service::Sts, true, false) if gov => format!("sts.{region}.{suffix}"),
            (Service::Sts, _, true) => format!("sts{fips}.{region}.{}", partition.dual_stack_suffix),
            (Service::Sts, _, false) => format!("sts{fips}.{region}.{suffix}"),
            (Service::S3, ..) => format!("s3{fips}{dual}.{region}.{suffix}"),
            (Service::S3Control, ..) => format!("s3-control{fips}{dual}.{region}.{suffix}"),
        }
    }
}

/// Whether a bucket's name can be one label of a host name.
fn is_host_label(bucket: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (3..=63).contains(&bucket.len()) && bucket.bytes().all(inner) && !bucket.starts_with('-') && !bucket.ends_with('-')
}

/// Percent-encodes a path segment or form value as AWS does: everything but unreserved characters (RFC 3986).
pub fn encode(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(endpoint: Option<Endpoint>) -> String {
        endpoint.unwrap().url.to_string()
    }

    #[test]
    fn iam_is_global_within_its_partition() {
        let plain = Endpoints::default();
        for (region, host, signed_for) in [
            ("eu-central-1", "https://iam.amazonaws.com/", "us-east-1"),
            ("cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1"),
            ("us-gov-east-1", "https://iam.us-gov.amazonaws.com/", "us-gov-west-1"),
            ("us-isob-east-1", "https://iam.us-isob-east-1.sc2s.sgov.gov/", "us-isob-east-1"),
            ("eusc-de-east-1", "https://iam.eusc-de-east-1.amazonaws.eu/", "eusc-de-east-1"),
        ] {
            let endpoint = plain.of(Service::Iam, region).unwrap();
            assert_eq!((endpoint.url.as_str(), endpoint.signing_region.as_str()), (host, signed_for));
        }
    }

    #[test]
    fn the_rest_is_regional() {
        let plain = Endpoints::default();
        assert_eq!(url(plain.of(Service::Sts, "eu-west-1")), "https://sts.eu-west-1.amazonaws.com/");
        assert_eq!(url(plain.of(Service::Sts, "cn-north-1")), "https://sts.cn-north-1.amazonaws.com.cn/");
        assert_eq!(url(plain.of(Service::S3, "us-east-1")), "https://s3.us-east-1.amazonaws.com/");
        assert_eq!(url(plain.of_bucket("logs", "eu-west-1")), "https://logs.s3.eu-west-1.amazonaws.com/");
        assert_eq!(url(plain.of_bucket("a.b", "eu-west-1")), "https://s3.eu-west-1.amazonaws.com/a.b");
        assert_eq!(url(plain.of_bucket("Old_Bucket", "us-east-1")), "https://s3.us-east-1.amazonaws.com/Old_Bucket");
        assert_eq!(
            url(plain.of_account("123456789012", "eu-west-1")),
            "https://123456789012.s3-control.eu-west-1.amazonaws.com/"
        );
        let fips = Endpoints { fips: true, dual_stack: true, ..Endpoints::default() };
        assert_eq!(url(fips.of(Service::Sts, "us-east-2")), "https://sts-fips.us-east-2.api.aws/");
        assert_eq!(url(fips.of_bucket("logs", "us-east-2")), "https://logs.s3-fips.dualstack.us-east-2.amazonaws.com/");
        assert_eq!(url(fips.of(Service::Iam, "us-gov-west-1")), "https://iam.us-gov.api.aws/");
    }

    #[test]
    fn an_override_keeps_its_path_and_takes_no_host_prefix() {
        let here: Url = "http://127.0.0.1:4566/aws/".parse().unwrap();
        let overrides = Service::ALL.map(|service| (service, here.clone())).to_vec();
        let endpoints = Endpoints { overrides, ..Endpoints::default() };
        let bucket = endpoints.of_bucket("logs", "eu-west-1").unwrap();
        assert_eq!((bucket.url.as_str(), bucket.base.as_str()), ("http://127.0.0.1:4566/aws/logs", "/aws"));
        assert_eq!(url(endpoints.of_account("123456789012", "eu-west-1")), "http://127.0.0.1:4566/aws/");
        assert_eq!(endpoints.of(Service::Iam, "eu-west-1").unwrap().signing_region, "us-east-1");
    }

    #[test]
    fn a_hostile_region_or_bucket_names_no_other_host() {
        let plain = Endpoints::default();
        assert_eq!(plain.of(Service::Sts, "evil.example/"), None);
        assert_eq!(plain.of(Service::Sts, ""), None);
        assert_eq!(
            url(plain.of_bucket("evil.example/x?", "eu-west-1")),
            "https://s3.eu-west-1.amazonaws.com/evil.example%2Fx%3F"
        );
    }
}
