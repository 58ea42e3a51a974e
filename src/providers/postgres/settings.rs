//! Whom to ask and as whom: what the Terraform provider makes of its `provider` block and of the variables
//! (`postgresql/provider.go` of cyrilgdn/postgresql), and of what it leaves to its driver (lib/pq, `connector.go`).

use crate::model::{ProviderConfiguration, Setting, Value};
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to reach a cluster. Holds a password, so there is no `Debug`.
#[derive(Clone)]
pub(super) struct Settings {
    /// A name, an address, or the directory of a Unix socket.
    pub host: String,
    /// Where `host` is, without asking for its address.
    pub address: Option<IpAddr>,
    pub port: u16,
    pub database: String,
    pub username: String,
    pub password: Option<String>,
    pub password_file: Option<PathBuf>,
    pub encryption: Encryption,
    pub root_certificates: Option<Roots>,
    pub client_certificate: Option<ClientCertificate>,
    pub connect_timeout: Option<Duration>,
    /// Sessions at once; `None` for as many as one likes.
    pub max_connections: Option<usize>,
    /// The expression that the block writes the host as, where the environment stands in for it.
    pub host_expression: Option<String>,
    /// The one schema that names without a schema are looked for in; `None` for the catalogue.
    pub schema: Option<String>,
}

/// `sslmode`, as far as it makes a difference here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    Disable,
    /// Encrypted when the server can. `allow` reads as this: it is never weaker.
    Prefer,
    /// Encrypted, whoever answers.
    Require,
    VerifyCa,
    VerifyFull,
}

/// The certificate authorities that a server's certificate is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Roots {
    System,
    File(PathBuf),
    /// In PEM form.
    Text(String),
}

/// PEM texts, or files that hold them.
#[derive(Clone)]
pub(super) struct ClientCertificate {
    pub certificate: String,
    pub key: String,
    /// Whether both are texts.
    pub inline: bool,
}

/// A setting without which the wrong server would be asked, or none.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Undecided {
    pub setting: String,
    /// What is wrong with it, to be read after its name.
    pub why: String,
    /// `path:line` of the block.
    pub place: String,
    pub hint: String,
}

/// A variable of the process that is set and not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Settings {
    /// # Errors
    /// When a setting that decides whom we ask is an expression, and the environment does not stand in for it.
    pub(super) fn read(
        block: Option<&ProviderConfiguration>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, Undecided> {
        let block = Block { block, variable };
        block.refuse_what_is_not_followed()?;
        let (host, from_environment) = block.decide("host", "PGHOST", "localhost")?;
        let (port, _) = block.decide("port", "PGPORT", "5432")?;
        let (username, _) = block.decide("username", "PGUSER", "postgres")?;
        let mode = match block.own("sslmode") {
            Own::Absent => block.own("ssl_mode"),
            own => own,
        };
        let mode = block.settle("sslmode", mode, "PGSSLMODE", "require")?.0;
        let host = decoded(&host);
        let encryption = encryption(&mode, &host)
            .ok_or_else(|| block.undecided("sslmode", format!("is `{mode}`, which is no mode")))?;
        let client_certificate = block.client_certificate()?;
        let inline = client_certificate.as_ref().is_some_and(|own| own.inline);
        Ok(Settings {
            port: port.parse().map_err(|_| block.undecided("port", format!("is `{port}`, which is no port")))?,
            database: block.own("database").known().or_else(|| variable("PGDATABASE")).unwrap_or("postgres".to_owned()),
            username,
            password: block.own("password").known().or_else(|| variable("PGPASSWORD")),
            password_file: variable("PGPASSFILE").map(PathBuf::from).or_else(|| block.at_home(".pgpass")),
            root_certificates: block.roots(encryption, inline)?,
            encryption,
            client_certificate,
            connect_timeout: block.connect_timeout(),
            max_connections: block.max_connections(),
            address: block.address()?,
            host,
            schema: None,
            host_expression: match block.own("host") {
                Own::Unresolved(text) if from_environment => Some(text),
                _ => None,
            },
        })
    }

    /// As `host:port`.
    pub(super) fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// A socket's directory is written percent-encoded where it has to pass for a host.
fn decoded(host: &str) -> String {
    if host.starts_with("%2F") || host.starts_with("%2f") {
        percent_encoding::percent_decode_str(host).decode_utf8_lossy().into_owned()
    } else {
        host.to_owned()
    }
}

/// The mode of this name; on a socket nothing is encrypted. `None` for what is no mode.
fn encryption(mode: &str, host: &str) -> Option<Encryption> {
    let asked = match mode {
        "disable" => Encryption::Disable,
        "allow" | "prefer" => Encryption::Prefer,
        "require" => Encryption::Require,
        "verify-ca" => Encryption::VerifyCa,
        "verify-full" => Encryption::VerifyFull,
        _ => return None,
    };
    Some(if host.starts_with('/') { Encryption::Disable } else { asked })
}

/// What a block says of one setting.
enum Own {
    Absent,
    Known(String),
    /// An expression; its text.
    Unresolved(String),
}

impl Own {
    fn of(setting: Option<&Setting>) -> Own {
        match setting {
            Some(Setting::Known(Value::String(text))) if !text.is_empty() => Own::Known(text.clone()),
            Some(Setting::Known(Value::Number(number))) => Own::Known(number.to_string()),
            Some(Setting::Known(Value::Bool(truth))) => Own::Known(truth.to_string()),
            Some(Setting::Unresolved(text)) => Own::Unresolved(text.clone()),
            _ => Own::Absent,
        }
    }

    fn known(self) -> Option<String> {
        match self {
            Own::Known(text) => Some(text),
            _ => None,
        }
    }
}

struct Block<'a> {
    block: Option<&'a ProviderConfiguration>,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Block<'_> {
    fn own(&self, name: &str) -> Own {
        Own::of(self.block.and_then(|block| block.settings.get(name)))
    }

    fn decide(&self, name: &str, variable: &str, default: &str) -> Result<(String, bool), Undecided> {
        self.settle(name, self.own(name), variable, default)
    }

    /// The block's value, else the variable's, else the default; and whether a variable stands in for an expression. An
    /// expression never gives the default: that would be another server.
    fn settle(&self, name: &str, own: Own, variable: &str, default: &str) -> Result<(String, bool), Undecided> {
        match (own, (self.variable)(variable)) {
            (Own::Known(text), _) => Ok((text, false)),
            (Own::Absent, given) => Ok((given.unwrap_or_else(|| default.to_owned()), false)),
            (Own::Unresolved(_), Some(given)) => Ok((given, true)),
            (Own::Unresolved(text), None) => Err(Undecided {
                hint: format!("give its value in `{variable}`"),
                ..self.undecided(name, format!("is `{text}`, which is not followed yet"))
            }),
        }
    }

    fn undecided(&self, setting: &str, why: String) -> Undecided {
        Undecided {
            setting: setting.to_owned(),
            why,
            place: self.block.map(|block| block.place.clone()).unwrap_or_default(),
            hint: "correct it".to_owned(),
        }
    }

    /// Ways in that need a cloud's own client: a token in `PGPASSWORD` stands in for those that end in one.
    fn refuse_what_is_not_followed(&self) -> Result<(), Undecided> {
        for name in ["aws_rds_iam_auth", "azure_identity_auth"] {
            let off = matches!(self.own(name), Own::Absent) || self.own(name).known().as_deref() == Some("false");
            if !off && (self.variable)("PGPASSWORD").is_none() {
                return Err(Undecided {
                    hint: "give a token in `PGPASSWORD`".to_owned(),
                    ..self.undecided(name, "is a way to log in that is not followed yet".to_owned())
                });
            }
        }
        match self.own("scheme") {
            Own::Absent => Ok(()),
            Own::Known(scheme) if scheme == "postgres" => Ok(()),
            Own::Known(text) | Own::Unresolved(text) => Err(Undecided {
                hint: "leave this system out with `--only`".to_owned(),
                ..self.undecided("scheme", format!("is `{text}`, which is not followed yet"))
            }),
        }
    }

    fn client_certificate(&self) -> Result<Option<ClientCertificate>, Undecided> {
        let blocks = match self.block.and_then(|block| block.settings.get("clientcert")) {
            None => return Ok(self.usual_certificate()),
            Some(Setting::Blocks(blocks)) => blocks.as_slice(),
            Some(_) => return Err(self.undecided("clientcert", "is written in a way that is not followed".to_owned())),
        };
        let Some(given) = blocks.first() else { return Ok(None) };
        let text = |name: &str| own_of(given, name).known();
        match (text("cert"), text("key")) {
            (Some(certificate), Some(key)) => {
                let inline = text("sslinline").as_deref() == Some("true");
                Ok(Some(ClientCertificate { certificate, key, inline }))
            }
            _ => Err(self.undecided("clientcert", "has expressions that are not followed yet".to_owned())),
        }
    }

    /// The certificate that the driver looks for by itself, when it is there.
    fn usual_certificate(&self) -> Option<ClientCertificate> {
        let file = |variable: &str, usual: &str| {
            (self.variable)(variable).or_else(|| Some(self.at_home(usual)?.to_string_lossy().into_owned()))
        };
        let certificate = file("PGSSLCERT", ".postgresql/postgresql.crt").filter(|path| Path::new(path).exists())?;
        let key = file("PGSSLKEY", ".postgresql/postgresql.key")?;
        Some(ClientCertificate { certificate, key, inline: false })
    }

    /// Authorities of the block or of `PGSSLROOTCERT`, else those in the file that every client of PostgreSQL looks for. A
    /// file that is not there says nothing where no certificate has to be verified (`ssl.go` of the driver).
    fn roots(&self, encryption: Encryption, inline: bool) -> Result<Option<Roots>, Undecided> {
        let (given, _) = self.decide("sslrootcert", "PGSSLROOTCERT", "")?;
        let verifies = matches!(encryption, Encryption::VerifyCa | Encryption::VerifyFull);
        Ok(match given.as_str() {
            "" if inline => None,
            "" => self.at_home(".postgresql/root.crt").filter(|path| path.exists()).map(Roots::File),
            "system" => verifies.then_some(Roots::System),
            text if inline => Some(Roots::Text(text.to_owned())),
            path => Some(Path::new(path)).filter(|path| verifies || path.exists()).map(|path| Roots::File(path.into())),
        })
    }

    /// A file below the home directory.
    fn at_home(&self, path: &str) -> Option<PathBuf> {
        (self.variable)("HOME").map(|home| Path::new(&home).join(path))
    }

    /// The driver goes where `PGHOSTADDR` leads, whatever the host's name is.
    fn address(&self) -> Result<Option<IpAddr>, Undecided> {
        let Some(given) = (self.variable)("PGHOSTADDR") else { return Ok(None) };
        let parsed = given.parse().map(Some);
        parsed.map_err(|_| self.undecided("PGHOSTADDR", format!("is `{given}`, which is no address")))
    }

    /// As `max_connections` says; zero is any number, and the provider's own default is 20.
    fn max_connections(&self) -> Option<usize> {
        let given = self.own("max_connections").known().and_then(|text| text.parse().ok());
        Some(given.unwrap_or(20)).filter(|most| *most > 0)
    }

    /// In seconds; zero waits for ever, as an answer to a check it would be none, so the usual time stands for it.
    fn connect_timeout(&self) -> Option<Duration> {
        let given = self.own("connect_timeout").known().or_else(|| (self.variable)("PGCONNECT_TIMEOUT"));
        given?.parse().ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
    }
}

fn own_of(settings: &BTreeMap<String, Setting>, name: &str) -> Own {
    Own::of(settings.get(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(settings: &[(&str, Setting)]) -> ProviderConfiguration {
        let settings = settings.iter().map(|(name, setting)| ((*name).to_owned(), setting.clone())).collect();
        ProviderConfiguration { place: "main.tf:3".to_owned(), settings, ..ProviderConfiguration::default() }
    }

    fn text(text: &str) -> Setting {
        Setting::Known(Value::from(text))
    }

    fn expression(text: &str) -> Setting {
        Setting::Unresolved(text.to_owned())
    }

    fn read(settings: &[(&str, Setting)], variables: &[(&str, &str)]) -> Result<Settings, Undecided> {
        let variable = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        Settings::read(Some(&block(settings)), &variable)
    }

    #[test]
    fn the_block_goes_before_the_variables_and_these_before_the_defaults() {
        let variables = [("PGHOST", "elsewhere"), ("PGPORT", "6000"), ("PGUSER", "me"), ("PGPASSWORD", "s")];
        let found = read(&[("host", text("db.example")), ("port", Setting::Known(Value::from(5433)))], &variables);
        let found = found.map_err(|e| e.setting).unwrap();
        assert_eq!((found.server().as_str(), found.username.as_str()), ("db.example:5433", "me"));
        assert_eq!(found.password.as_deref(), Some("s"));
        assert!(found.encryption == Encryption::Require && found.host_expression.is_none());
        let bare = read(&[], &[]).map_err(|e| e.setting).unwrap();
        let names = (bare.server(), bare.username, bare.database);
        assert_eq!(names, ("localhost:5432".to_owned(), "postgres".to_owned(), "postgres".to_owned()));
    }

    #[test]
    fn an_expression_never_becomes_the_default() {
        let undecided = read(&[("host", expression("aws_db_instance.main.address"))], &[]).err().unwrap();
        assert_eq!((undecided.setting.as_str(), undecided.place.as_str()), ("host", "main.tf:3"));
        let given = read(&[("host", expression("var.host"))], &[("PGHOST", "db.example")]).ok().unwrap();
        assert!(given.host == "db.example" && given.host_expression.as_deref() == Some("var.host"));
        assert_eq!(read(&[("username", expression("var.user"))], &[]).err().unwrap().setting, "username");
        assert_eq!(read(&[("scheme", text("gcppostgres"))], &[]).err().unwrap().setting, "scheme");
        let rds = [("aws_rds_iam_auth", Setting::Known(Value::from(true)))];
        assert_eq!(read(&rds, &[]).err().unwrap().setting, "aws_rds_iam_auth");
        assert!(read(&rds, &[("PGPASSWORD", "token")]).is_ok());
        // A password may come from elsewhere; the server says when it does not.
        assert!(read(&[("password", expression("var.password"))], &[]).is_ok_and(|s| s.password.is_none()));
    }

    #[test]
    fn what_the_driver_looks_for_by_itself_is_found() {
        let home = tempfile::tempdir().unwrap();
        let own = home.path().join(".postgresql");
        std::fs::create_dir(&own).unwrap();
        let at = |name: &str| own.join(name).to_string_lossy().into_owned();
        let variables = [("HOME", home.path().to_str().unwrap())];
        let bare = read(&[], &variables).ok().unwrap();
        assert!(bare.root_certificates.is_none() && bare.client_certificate.is_none());
        assert_eq!(bare.password_file, Some(home.path().join(".pgpass")));
        for name in ["root.crt", "postgresql.crt", "postgresql.key"] {
            std::fs::write(own.join(name), "").unwrap();
        }
        let found = read(&[], &variables).ok().unwrap();
        assert_eq!(found.root_certificates, Some(Roots::File(own.join("root.crt"))));
        let own = found.client_certificate.unwrap();
        assert_eq!((own.certificate, own.key, own.inline), (at("postgresql.crt"), at("postgresql.key"), false));
        // A file that is not there counts only where something has to be verified.
        let absent = ("sslrootcert", text("/nowhere/root.crt"));
        assert!(read(std::slice::from_ref(&absent), &[]).ok().unwrap().root_certificates.is_none());
        let verifying = read(&[absent, ("sslmode", text("verify-ca"))], &[]).ok().unwrap();
        assert_eq!(verifying.root_certificates, Some(Roots::File("/nowhere/root.crt".into())));
    }

    #[test]
    fn an_address_goes_before_the_name_of_the_host() {
        let given = read(&[("host", text("db.example"))], &[("PGHOSTADDR", "127.0.0.1")]).ok().unwrap();
        assert_eq!((given.host.as_str(), given.address), ("db.example", "127.0.0.1".parse().ok()));
        assert_eq!(read(&[], &[("PGHOSTADDR", "here")]).err().unwrap().setting, "PGHOSTADDR");
    }

    #[test]
    fn modes_are_those_of_the_driver() {
        for (mode, host, expected) in [
            ("disable", "db", Some(Encryption::Disable)),
            ("allow", "db", Some(Encryption::Prefer)),
            ("require", "db", Some(Encryption::Require)),
            ("verify-full", "db", Some(Encryption::VerifyFull)),
            ("verify-full", "/run/postgresql", Some(Encryption::Disable)),
            ("on", "db", None),
        ] {
            assert_eq!(encryption(mode, host), expected, "{mode} {host}");
        }
        assert_eq!(decoded("%2Frun%2Fpostgresql"), "/run/postgresql");
    }
}
