//! Merge requests of GitLab. The project is named by its number, so that no path has to be encoded into one segment.
//! <https://docs.gitlab.com/api/notes/>, <https://docs.gitlab.com/api/discussions/>

use super::client::{self, Access, Api, Token};
use super::github::{login, not};
use super::{Changed, Comment, Forge, Head, On, Place, Remark, diff};
use crate::http::Error;
use crate::model::Problem;
use ::http::Method;
use ::http::header::HeaderName;
use async_trait::async_trait;
use serde_json::{Value as Json, json};

/// Characters of a note.
const MOST: usize = 1_000_000;

const TOKEN: HeaderName = HeaderName::from_static("private-token");

/// A merge request.
pub struct GitLab {
    api: Api,
    project: String,
    number: String,
}

impl GitLab {
    /// `project` is the project's number.
    ///
    /// # Errors
    /// When it is none, or the API cannot be reached as asked.
    pub fn new(access: &Access<'_>, project: &str, number: u64) -> Result<GitLab, Problem> {
        if project.is_empty() || !project.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Problem::new(format!("`{project}` is no number of a project"))
                .help("give the number that the project's page shows, in a pipeline `CI_PROJECT_ID`"));
        }
        let token = Token::new(TOKEN, "", access.token)?;
        let api = Api::new(access, client::GITLAB, token, "application/json")?;
        Ok(GitLab { api, project: project.to_owned(), number: number.to_string() })
    }

    fn path<'a>(&'a self, rest: &[&'a str]) -> Vec<&'a str> {
        let mut path = vec!["projects", self.project.as_str(), "merge_requests", self.number.as_str()];
        path.extend(rest);
        path
    }

    async fn change(&self, id: u64, body: &str) -> Result<(), Error> {
        let id = id.to_string();
        self.api.change(Method::PUT, &self.path(&["notes", &id]), &json!({"body": body})).await
    }
}

#[async_trait]
impl Forge for GitLab {
    fn most(&self) -> usize {
        MOST
    }

    async fn login(&self) -> Result<String, Error> {
        login(&self.api.get(&["user"]).await?, "username")
    }

    async fn head(&self) -> Result<Head, Error> {
        let request = self.api.get(&self.path(&[])).await?;
        let text = |json: &Json| json.as_str().map(str::to_owned);
        let refs = &request["diff_refs"];
        let sha = text(&request["sha"]).ok_or_else(|| not("a merge request"))?;
        Ok(Head { sha, base: text(&refs["base_sha"]), start: text(&refs["start_sha"]) })
    }

    async fn comments(&self) -> Result<Vec<Comment>, Error> {
        let all = self.api.all(&self.path(&["notes"])).await?;
        Ok(all.iter().filter(|note| note["system"] != true).filter_map(comment).collect())
    }

    async fn create(&self, body: &str) -> Result<Option<String>, Error> {
        let made = self.api.create(&self.path(&["notes"]), &json!({"body": body})).await?;
        Ok(made["author"]["username"].as_str().map(str::to_owned))
    }

    async fn update(&self, id: u64, body: &str) -> Result<(), Error> {
        self.change(id, body).await
    }

    async fn delete(&self, id: u64) -> Result<(), Error> {
        self.api.delete(&self.path(&["notes", &id.to_string()])).await
    }

    async fn changed(&self) -> Result<Vec<Changed>, Error> {
        let all = self.api.all(&self.path(&["diffs"])).await?;
        let is_there = |file: &&Json| file["deleted_file"] != true;
        Ok(all.iter().filter(is_there).filter_map(changed).collect())
    }

    async fn remarks(&self) -> Result<Vec<Remark>, Error> {
        let all = self.api.all(&self.path(&["discussions"])).await?;
        Ok(all.iter().filter_map(remark).collect())
    }

    async fn remark(&self, head: &Head, on: &On<'_>, body: &str) -> Result<(), Error> {
        let mut position = json!({
            "base_sha": head.base, "start_sha": head.start, "head_sha": head.sha,
            "new_path": on.file.path, "old_path": on.file.old_path,
        });
        match on.lines {
            Some((_, last)) => {
                (position["position_type"], position["new_line"]) = ("text".into(), last.into());
                // A line that is unchanged is named by both its numbers.
                let shown = on.file.hunks.iter().flat_map(diff::Hunk::shown).find(|line| line.number == last);
                if let Some(old) = shown.and_then(|line| line.old) {
                    position["old_line"] = old.into();
                }
            }
            None => position["position_type"] = "file".into(),
        }
        let json = json!({"body": body, "position": position});
        self.api.create(&self.path(&["discussions"]), &json).await.map(drop)
    }

    async fn update_remark(&self, id: u64, body: &str) -> Result<(), Error> {
        self.change(id, body).await
    }

    async fn delete_remark(&self, id: u64) -> Result<(), Error> {
        self.delete(id).await
    }

    /// Notes stand on one line; a suggestion says how many above it are replaced, too.
    fn anchored(&self, (_, last): (usize, usize)) -> (usize, usize) {
        (last, last)
    }

    fn suggestion(&self, (first, last): (usize, usize)) -> String {
        format!("suggestion:-{}+0", last - first)
    }
}

fn comment(json: &Json) -> Option<Comment> {
    Some(Comment {
        id: json["id"].as_u64()?,
        author: json["author"]["username"].as_str()?.to_owned(),
        body: json["body"].as_str()?.to_owned(),
    })
}

fn changed(json: &Json) -> Option<Changed> {
    Some(Changed {
        path: json["new_path"].as_str()?.to_owned(),
        old_path: json["old_path"].as_str()?.to_owned(),
        hunks: diff::hunks(json["diff"].as_str().unwrap_or_default()),
    })
}

/// The note that begins a discussion of the diff.
fn remark(json: &Json) -> Option<Remark> {
    let notes = json["notes"].as_array()?;
    let first = notes.first()?;
    let position = first.get("position").filter(|position| position.is_object())?;
    let line = position["new_line"].as_u64().and_then(|line| usize::try_from(line).ok());
    let place = Place { path: position["new_path"].as_str()?.to_owned(), lines: line.map(|line| (line, line)) };
    let is_answered = notes.iter().skip(1).any(|note| note["system"] != true);
    Some(Remark { comment: comment(first)?, place, is_answered })
}
