//! Pull requests of GitHub and GitHub Enterprise Server.
//! <https://docs.github.com/en/rest/issues/comments>, <https://docs.github.com/en/rest/pulls/comments>

use super::client::{self, Access, Api, Token};
use super::{Changed, Comment, Forge, Head, On, Place, Remark, diff};
use crate::http::{Error, Kind};
use crate::model::Problem;
use ::http::Method;
use ::http::header;
use async_trait::async_trait;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// Characters of a body. The error that GitHub gives names 65,536; probes found other bounds in bytes, which four bytes a
/// character stay below.
const MOST: usize = 60_000;

/// A pull request.
pub struct GitHub {
    api: Api,
    owner: String,
    repository: String,
    number: String,
}

impl GitHub {
    /// `repository` is `OWNER/NAME`.
    ///
    /// # Errors
    /// When the repository is not named so, or the API cannot be reached as asked.
    pub fn new(access: &Access<'_>, repository: &str, number: u64) -> Result<GitHub, Problem> {
        let is_name = |name: &&str| !name.is_empty() && !name.contains('/');
        let (owner, name) = repository
            .split_once('/')
            .filter(|(owner, name)| is_name(owner) && is_name(name))
            .ok_or_else(|| Problem::new(format!("`{repository}` is no repository")).help("write it as `OWNER/NAME`"))?;
        let token = Token::new(header::AUTHORIZATION, "Bearer ", access.token)?;
        let api = Api::new(access, client::GITHUB, token, "application/vnd.github+json")?;
        Ok(GitHub { api, owner: owner.to_owned(), repository: name.to_owned(), number: number.to_string() })
    }

    fn path<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        let mut path = vec!["repos", self.owner.as_str(), self.repository.as_str()];
        path.extend(rest);
        path
    }
}

#[async_trait]
impl Forge for GitHub {
    fn most(&self) -> usize {
        MOST
    }

    async fn login(&self) -> Result<String, Error> {
        login(&self.api.get(&["user"]).await?, "login")
    }

    async fn head(&self) -> Result<Head, Error> {
        let pull = self.api.get(&self.path(&["pulls", &self.number])).await?;
        let sha = pull["head"]["sha"].as_str().ok_or_else(|| not("a pull request"))?;
        Ok(Head { sha: sha.to_owned(), ..Head::default() })
    }

    async fn comments(&self) -> Result<Vec<Comment>, Error> {
        let all = self.api.all(&self.path(&["issues", &self.number, "comments"])).await?;
        Ok(all.iter().filter_map(comment).collect())
    }

    async fn create(&self, body: &str) -> Result<Option<String>, Error> {
        let path = self.path(&["issues", &self.number, "comments"]);
        let made = self.api.create(&path, &json!({"body": body})).await?;
        Ok(made["user"]["login"].as_str().map(str::to_owned))
    }

    async fn update(&self, id: u64, body: &str) -> Result<(), Error> {
        let id = id.to_string();
        self.api.change(Method::PATCH, &self.path(&["issues", "comments", &id]), &json!({"body": body})).await
    }

    async fn delete(&self, id: u64) -> Result<(), Error> {
        self.api.delete(&self.path(&["issues", "comments", &id.to_string()])).await
    }

    async fn changed(&self) -> Result<Vec<Changed>, Error> {
        let all = self.api.all(&self.path(&["pulls", &self.number, "files"])).await?;
        let is_there = |file: &&Json| file["status"] != "removed";
        Ok(all.iter().filter(is_there).filter_map(changed).collect())
    }

    async fn remarks(&self) -> Result<Vec<Remark>, Error> {
        let all = self.api.all(&self.path(&["pulls", &self.number, "comments"])).await?;
        let answered: BTreeSet<u64> = all.iter().filter_map(|json| json["in_reply_to_id"].as_u64()).collect();
        let first = all.iter().filter(|json| json["in_reply_to_id"].is_null());
        Ok(first
            .filter_map(|json| {
                let comment = comment(json)?;
                let is_answered = answered.contains(&comment.id);
                let last = json["line"].as_u64().and_then(|line| usize::try_from(line).ok());
                let start = json["start_line"].as_u64().and_then(|line| usize::try_from(line).ok());
                let lines = last.map(|last| (start.unwrap_or(last), last));
                Some(Remark { comment, place: Place { path: json["path"].as_str()?.to_owned(), lines }, is_answered })
            })
            .collect())
    }

    async fn remark(&self, head: &Head, on: &On<'_>, body: &str) -> Result<(), Error> {
        let mut json = json!({"body": body, "commit_id": head.sha, "path": on.file.path});
        match on.lines {
            Some((first, last)) => {
                (json["line"], json["side"]) = (last.into(), "RIGHT".into());
                if first < last {
                    (json["start_line"], json["start_side"]) = (first.into(), "RIGHT".into());
                }
            }
            None => json["subject_type"] = "file".into(),
        }
        self.api.create(&self.path(&["pulls", &self.number, "comments"]), &json).await.map(drop)
    }

    async fn update_remark(&self, id: u64, body: &str) -> Result<(), Error> {
        let id = id.to_string();
        self.api.change(Method::PATCH, &self.path(&["pulls", "comments", &id]), &json!({"body": body})).await
    }

    async fn delete_remark(&self, id: u64) -> Result<(), Error> {
        self.api.delete(&self.path(&["pulls", "comments", &id.to_string()])).await
    }

    fn suggestion(&self, _: (usize, usize)) -> String {
        "suggestion".to_owned()
    }
}

fn comment(json: &Json) -> Option<Comment> {
    Some(Comment {
        id: json["id"].as_u64()?,
        author: json["user"]["login"].as_str()?.to_owned(),
        body: json["body"].as_str()?.to_owned(),
    })
}

fn changed(json: &Json) -> Option<Changed> {
    let path = json["filename"].as_str()?.to_owned();
    let old_path = json["previous_filename"].as_str().unwrap_or(&path).to_owned();
    // Left away for files that are no text, or are too large.
    let hunks = diff::hunks(json["patch"].as_str().unwrap_or_default());
    Some(Changed { path, old_path, hunks })
}

/// The name of an account in an answer.
pub(super) fn login(json: &Json, field: &str) -> Result<String, Error> {
    json[field].as_str().map(str::to_owned).ok_or_else(|| not("an account"))
}

pub(super) fn not(what: &str) -> Error {
    Error::new(Kind::Garbage, "reading the answer", format!("it is not {what}"))
}
