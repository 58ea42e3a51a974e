//! Asking AWS: each operation by its protocol, page by page, with credentials that are renewed when they run out.

mod classify;
pub(crate) mod exchange;
mod object;
mod sign;
#[cfg(test)]
mod tests;

use super::auth::source::Source;
use super::auth::{self, Settings, Surroundings};
use super::endpoints::{Endpoints, Partition, Service, is_region, partition_of};
use super::operations::{self, ACCOUNT_PUBLIC_ACCESS_BLOCK, How, OPERATIONS};
use super::xml::Node;
use crate::http::{Allowed, Client, Error, Kind, Options, Policy, Transport};
use crate::model::ProviderConfiguration;
use exchange::{Ask, Content, Question, Signer};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

pub(super) use super::auth::ConnectError;
pub use object::{NoObject, Stored, stored};

/// Most pages of one listing that are read: far more than any account has, and an end to a listing that has none.
const PAGES: u32 = 100_000;

/// As whom AWS knows us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    /// Twelve digits.
    pub account: String,
    pub arn: String,
}

/// A way to ask one account, as one identity.
#[derive(Debug)]
pub(super) struct AwsClient {
    http: Client,
    source: Source,
    endpoints: Arc<Endpoints>,
    region: String,
    sts_region: String,
    caller: Caller,
    accepted: AtomicBool,
    /// Regions of buckets, as far as they are known.
    buckets: Mutex<HashMap<String, String>>,
}

/// How far a listing got. Its pages have gone to the caller already, also those before an error.
#[derive(Debug)]
#[must_use = "an incomplete listing shows nothing about what is not on it"]
pub(super) struct Listing {
    /// Why it is not complete.
    pub error: Option<Error>,
    /// The error says that what the listing is about does not exist.
    pub absent: bool,
}

impl AwsClient {
    /// Finds credentials as the Terraform provider would, asks AWS who they are, and checks that this account may be
    /// read by the configuration's `allowed_account_ids` and `forbidden_account_ids`.
    ///
    /// `configuration` is the `provider` block, if there is one; `options` say how to send.
    ///
    /// # Errors
    /// [`ConnectError::Unresolved`] when a setting that decides as whom or whom we ask has a value that is not known;
    /// [`ConnectError::Problem`] when there are no credentials, AWS does not accept them, or the account is the wrong
    /// one.
    pub(super) async fn connect(
        configuration: Option<&ProviderConfiguration>,
        surroundings: &Surroundings,
        options: &Options,
    ) -> Result<AwsClient, ConnectError> {
        Self::connect_with(configuration, surroundings, options, Policy::default()).await
    }

    async fn connect_with(
        configuration: Option<&ProviderConfiguration>,
        surroundings: &Surroundings,
        options: &Options,
        policy: Policy,
    ) -> Result<AwsClient, ConnectError> {
        let settings = auth::settings(configuration, surroundings).await?;
        let mut client = Self::new(&settings, surroundings, options, policy, operations::allowed())?;
        client.introduce(&settings).await?;
        Ok(client)
    }

    /// A client with this allow-list that has not asked anything yet.
    fn new(
        settings: &Settings,
        surroundings: &Surroundings,
        options: &Options,
        mut policy: Policy,
        allowed: impl IntoIterator<Item = Allowed>,
    ) -> Result<AwsClient, ConnectError> {
        let mut options = options.clone();
        // A file named on the command line goes before one named for AWS.
        options.ca_file = options.ca_file.or_else(|| settings.ca_file.clone());
        let transport = Arc::new(Transport::new(&options).map_err(ConnectError::Problem)?);
        if let Some(attempts) = settings.max_attempts {
            policy.attempts = attempts.max(1);
        }
        let finding = Client::new(transport.clone(), operations::FINDING_CREDENTIALS.iter().copied(), policy);
        let endpoints = Arc::new(settings.endpoints.clone());
        Ok(AwsClient {
            http: Client::new(transport, allowed, policy),
            source: Source::new(settings, finding, endpoints.clone(), surroundings),
            endpoints,
            region: settings.region.clone(),
            sts_region: settings.sts_region.clone(),
            caller: Caller { account: String::new(), arn: String::new() },
            accepted: AtomicBool::new(false),
            buckets: Mutex::default(),
        })
    }

    /// Asks AWS who we are, and checks that this is an account that may be read.
    async fn introduce(&mut self, settings: &Settings) -> Result<(), ConnectError> {
        self.caller = self.who().await.map_err(|error| auth::problem(settings, error))?;
        auth::check_account(settings, &self.caller.account)
    }

    async fn who(&self) -> Result<Caller, Error> {
        let operation = "sts:GetCallerIdentity";
        let garbage = || Error::new(Kind::Garbage, operation, "the answer names no account");
        let result = self.query(Service::Sts, "GetCallerIdentity", &[]).await?.ok_or_else(garbage)?;
        let account = result.text_of("Account").unwrap_or_default();
        if account.is_empty() || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(garbage());
        }
        Ok(Caller { account: account.to_owned(), arn: result.text_of("Arn").unwrap_or_default().to_owned() })
    }

    pub(super) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The region of the configuration, the variables or the shared files; `us-east-1` when none of them names one.
    #[cfg(test)]
    pub(super) fn region(&self) -> &str {
        &self.region
    }

    pub(super) fn partition(&self) -> &'static Partition {
        partition_of(&self.region)
    }

    /// Requests sent so far through this client's transport.
    pub(super) fn requests(&self) -> u64 {
        self.http.transport().counters().requests()
    }

    /// Asks an operation of the query protocol. The node is the `…Result` element; for an operation that has none, the
    /// answer's root. `None`: AWS says that there is no such thing.
    ///
    /// # Errors
    /// When AWS refuses, cannot be reached, or answers in another format.
    pub(super) async fn query(
        &self,
        service: Service,
        action: &str,
        params: &[(&str, &str)],
    ) -> Result<Option<Node>, Error> {
        let params: Vec<_> = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let region = if service == Service::Sts { &self.sts_region } else { &self.region };
        let title = service.title(action);
        let question = Question::Action { service, action, params: &params };
        let (content, _) = self.ask(title, question, region).await?;
        let Some(mut root) = xml(content) else { return Ok(None) };
        let result = format!("{action}Result");
        Ok(match root.children.iter().position(|child| *child.name == *result) {
            Some(at) => Some(root.children.swap_remove(at)),
            None => Some(root),
        })
    }

    /// Lists an operation of the query protocol by `IsTruncated` and `Marker`. Pages may be short, even empty.
    pub(super) async fn paged(
        &self,
        service: Service,
        action: &str,
        params: &[(&str, &str)],
        mut on_page: impl FnMut(Node),
    ) -> Listing {
        let operation = service.title(action);
        let mut pages = Pages::new(&operation);
        let mut marker: Option<String> = None;
        loop {
            let mut params = params.to_vec();
            params.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let page = match self.query(service, action, &params).await {
                Ok(Some(page)) => page,
                Ok(None) => return pages.absent(),
                Err(error) => return pages.end(Some(error)),
            };
            let truncated = match page.text_of("IsTruncated") {
                None => Ok(false),
                Some(_) => page.flag("IsTruncated").ok_or("`IsTruncated` is neither `true` nor `false`"),
            };
            let next = match truncated {
                Ok(true) => {
                    page.text_of("Marker").filter(|m| !m.is_empty()).map(str::to_owned).ok_or("it has no `Marker`")
                }
                Ok(false) => {
                    on_page(page);
                    return pages.turn(None);
                }
                Err(why) => Err(why),
            };
            on_page(page);
            match pages.next(next) {
                Ok(next) => marker = Some(next),
                Err(listing) => return listing,
            }
        }
    }

    /// Lists the account's buckets, and remembers their regions. Each page is a `ListAllMyBucketsResult`.
    pub(super) async fn buckets(&self, mut on_page: impl FnMut(Node)) -> Listing {
        let operation = "s3:ListBuckets";
        let mut pages = Pages::new(operation);
        let mut token: Option<String> = None;
        loop {
            let mut query = vec![("max-buckets", "1000".to_owned())];
            query.extend(token.take().map(|token| ("continuation-token", token)));
            let question = Question::Buckets { query: &query };
            let page = match self.ask(operation.to_owned(), question, &self.region).await.map(|(c, _)| xml(c)) {
                Ok(Some(page)) => page,
                Ok(None) => return pages.absent(),
                Err(error) => return pages.end(Some(error)),
            };
            for bucket in page.child("Buckets").map(|b| b.children.as_slice()).unwrap_or_default() {
                if let (Some(name), Some(region)) = (bucket.text_of("Name"), bucket.text_of("BucketRegion")) {
                    self.remember(name, region);
                }
            }
            let next = page.text_of("ContinuationToken").filter(|t| !t.is_empty()).map(str::to_owned);
            on_page(page);
            match next {
                None => return pages.turn(None),
                Some(next) => match pages.next(Ok(next)) {
                    Ok(next) => token = Some(next),
                    Err(listing) => return listing,
                },
            }
        }
    }

    /// A bucket's policy document as text. `None`: the bucket has none, or is gone.
    ///
    /// # Errors
    /// When S3 refuses, cannot be reached, or answers in another format.
    pub(super) async fn bucket_policy(&self, bucket: &str) -> Result<Option<String>, Error> {
        match self.sub_resource(bucket, "GetBucketPolicy").await? {
            Content::Json(text) => Ok(Some(text)),
            Content::Absent | Content::Bytes(_) | Content::Xml(_) => Ok(None),
        }
    }

    /// A bucket's setting by the name of its operation in [`OPERATIONS`], for example `GetBucketAcl`: the root of the
    /// answer. `None`: the bucket has no such setting, or is gone.
    ///
    /// # Errors
    /// When S3 refuses, cannot be reached, or answers in another format.
    pub(super) async fn bucket_setting(&self, bucket: &str, operation: &str) -> Result<Option<Node>, Error> {
        Ok(xml(self.sub_resource(bucket, operation).await?))
    }

    /// The account's block of public access. `None`: it has none.
    ///
    /// # Errors
    /// When S3 Control refuses, cannot be reached, or answers in another format.
    pub(super) async fn account_public_access_block(&self) -> Result<Option<Node>, Error> {
        let question = Question::Account { account: &self.caller.account, path: ACCOUNT_PUBLIC_ACCESS_BLOCK };
        let (content, _) = self.ask(Service::S3Control.title("GetPublicAccessBlock"), question, &self.region).await?;
        Ok(xml(content))
    }

    async fn sub_resource(&self, bucket: &str, operation: &str) -> Result<Content, Error> {
        let title = Service::S3.title(operation);
        let listed = OPERATIONS.iter().find(|o| o.service == Service::S3 && o.name == operation).map(|o| o.ask);
        let Some(How::Bucket { subresource, root }) = listed else {
            return Err(Error::new(Kind::NotAllowed, title, "no operation on buckets is listed under this name"));
        };
        let known = self.buckets.lock().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned();
        let region = known.as_deref().unwrap_or(&self.region);
        let question = Question::Bucket { bucket, subresource, root };
        let (content, now_in) = self.ask(title, question, region).await?;
        if now_in != region {
            self.remember(bucket, &now_in);
        }
        Ok(content)
    }

    /// Notes the region that a bucket lives in.
    fn remember(&self, bucket: &str, region: &str) {
        if is_region(region) {
            let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.insert(bucket.to_owned(), region.to_owned());
        }
    }

    /// Asks, and says which region answered.
    async fn ask(&self, operation: String, question: Question<'_>, region: &str) -> Result<(Content, String), Error> {
        let mut ask = Ask {
            operation,
            question,
            signer: Signer::Source(&self.source),
            endpoints: &self.endpoints,
            region: region.to_owned(),
            accepted: &self.accepted,
            lent: None,
            content: None,
        };
        self.http.call(&mut ask).await?;
        Ok((ask.content.unwrap_or(Content::Absent), ask.region))
    }
}

fn xml(content: Content) -> Option<Node> {
    match content {
        Content::Xml(root) => Some(root),
        Content::Json(_) | Content::Bytes(_) | Content::Absent => None,
    }
}

/// The pages of one listing so far, and a guard against one that runs in a circle.
struct Pages<'a> {
    operation: &'a str,
    count: u32,
    markers: HashSet<String>,
}

impl<'a> Pages<'a> {
    fn new(operation: &'a str) -> Self {
        Pages { operation, count: 0, markers: HashSet::new() }
    }

    /// Counts a page and goes on to the next one, unless that cannot be.
    fn next(&mut self, marker: Result<String, &str>) -> Result<String, Listing> {
        let marker = marker.map_err(|why| self.turn(Some(why)))?;
        if !self.markers.insert(marker.clone()) {
            return Err(self.turn(Some("its marker came before: the listing runs in a circle")));
        }
        if self.count >= PAGES {
            return Err(self.turn(Some("the listing has no end")));
        }
        self.count += 1;
        Ok(marker)
    }

    /// Counts the last page.
    fn turn(&mut self, wrong: Option<&str>) -> Listing {
        self.count += 1;
        let page = self.count;
        self.end(wrong.map(|why| Error::new(Kind::Garbage, self.operation, format!("page {page}: {why}"))))
    }

    fn absent(&self) -> Listing {
        let error = Error::new(Kind::Rejected, self.operation, "there is no such thing");
        Listing { absent: true, ..self.end(Some(error)) }
    }

    fn end(&self, error: Option<Error>) -> Listing {
        Listing { error, absent: false }
    }
}
