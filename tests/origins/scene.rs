//! A copy of a folder that can be changed, and what the program reads there.

use crate::edit;
use crate::expect::{Folder, Part, Question, path_of};
use crate::place::{self, Place};
use driftline::check::adopt::{self, Wish};
use driftline::model::{Address, AttrPath, Mode, Patch, Value};
use driftline::terraform::config::{Configuration, Given, Inputs, Located};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A copy of a folder.
pub(crate) struct Scene<'f> {
    folder: &'f Folder,
    dir: TempDir,
}

/// A folder as the program reads it now.
pub(crate) struct Read {
    dir: PathBuf,
    configuration: Configuration,
}

impl<'f> Scene<'f> {
    pub(crate) fn of(folder: &'f Folder) -> Self {
        let dir = TempDir::new().unwrap();
        copy(&folder.dir, dir.path());
        Scene { folder, dir }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn read(&self) -> Read {
        read(self.folder, self.path())
    }

    /// Looks at what is read while a text is in place of what is there; files are read when a value is asked for. Keys
    /// of the state's instances follow, as after an apply.
    pub(crate) fn with<T>(&self, at: &Place, text: &str, look: impl FnOnce(&Read) -> T) -> T {
        let path = self.path().join(&at.file);
        let before = fs::read_to_string(&path).unwrap();
        let mut after = before.clone();
        after.replace_range(at.bytes.clone(), text);
        let [from, to] = [&before[at.bytes.clone()], text].map(|text| format!("\"{}\"", edit::meaning(text)));
        let state = self.path().join("terraform.tfstate");
        let recorded = fs::read_to_string(&state).ok();
        fs::write(&path, after).unwrap();
        if let Some(recorded) = &recorded {
            fs::write(&state, recorded.replace(&from, &to)).unwrap();
        }
        let seen = look(&self.read());
        fs::write(&path, before).unwrap();
        if let Some(recorded) = recorded {
            fs::write(&state, recorded).unwrap();
        }
        seen
    }

    /// Files that people edit, by their paths in the folder.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(self.path(), "", &mut found);
        found.retain(|name| name != "expect.toml" && !name.ends_with("modules.json") && !name.ends_with(".tfstate"));
        found.sort();
        found
    }
}

/// Reads a folder with the inputs that its expectations give.
pub(crate) fn read(folder: &Folder, dir: &Path) -> Read {
    let expect = &folder.expect;
    let files = expect.var_files.iter().map(|name| Given::File(dir.join(name)));
    let vars = expect.vars.iter().map(|text| {
        let (name, text) = text.split_once('=').unwrap();
        Given::Variable { name: name.to_owned(), text: text.to_owned() }
    });
    let inputs = Inputs {
        workspace: expect.workspace.clone(),
        environment: expect.environment.clone(),
        given: files.chain(vars).collect(),
        planned: Default::default(),
    };
    let (mut configuration, _) = Configuration::load(dir, "", None, &inputs).unwrap();
    configuration.compute(driftline::providers::computed());
    configuration.compute(driftline::providers::computed());
    let state = dir.join("terraform.tfstate");
    if let Ok(bytes) = fs::read(&state) {
        let state = driftline::terraform::state::read(bytes, "terraform.tfstate", &driftline::providers::secrets_of);
        configuration.record(&state.unwrap());
    }
    Read { dir: dir.to_owned(), configuration }
}

impl Read {
    pub(crate) fn value(&self, address: &Address, path: &AttrPath) -> Option<Value> {
        self.configuration.value(address, path)
    }

    /// The patch that makes it say what is wished.
    pub(crate) fn patch(&self, address: &Address, wish: &Wish) -> Result<Patch, String> {
        adopt::find(&self.configuration, address, wish)
    }

    /// The address that the source gives an instance now.
    pub(crate) fn now(&self, address: &Address) -> Address {
        self.configuration.address_now(address).unwrap_or_else(|| address.clone())
    }

    /// A path of a patch as the folder has it.
    pub(crate) fn relative(&self, path: &str) -> String {
        Path::new(path).strip_prefix(&self.dir).map_or_else(|_| path.to_owned(), |p| p.to_string_lossy().into_owned())
    }

    /// The instances that the source declares.
    pub(crate) fn instances(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Address> {
        self.configuration.instances(Mode::Managed, wanted).known
    }

    /// Where a question is answered; paths as the folder has them.
    pub(crate) fn locate(&self, question: &Question) -> Result<Located, String> {
        let located = self.configuration.locate(&question.address(), &question.path());
        located.map(|located| self.within(located)).map_err(|refusal| refusal.reason)
    }

    /// The JSON text that a part is asked of, and the place of its string.
    pub(crate) fn part(&self, part: &Part) -> Option<(String, Located)> {
        let said = self.configuration.text(&part.address.parse().unwrap(), &path_of(&part.path))?;
        let token = format!("\"{}\"", part.string);
        let start = said.text().find(&token)?;
        let located = said.string(start..start + token.len())?;
        Some((said.text().to_owned(), self.within(located)))
    }

    fn within(&self, mut located: Located) -> Located {
        let within = |path: &str| match Path::new(path).strip_prefix(&self.dir) {
            Ok(path) => path.to_string_lossy().into_owned(),
            Err(_) => path.to_owned(),
        };
        located.location.path = within(&located.location.path);
        for place in &mut located.related {
            place.path = within(&place.path);
        }
        located
    }

    pub(crate) fn place_of(&self, located: &Located) -> Place {
        place::of(&self.dir, &located.location)
    }

    pub(crate) fn place(&self, question: &Question) -> Place {
        place::of(&self.dir, &self.locate(question).unwrap().location)
    }

    pub(crate) fn text(&self, place: &Place) -> String {
        place::text(&self.dir, place)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

fn walk(dir: &Path, shown: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{shown}{}", entry.file_name().to_string_lossy());
        match entry.file_type().unwrap().is_dir() {
            true => walk(&entry.path(), &format!("{name}/"), found),
            false => found.push(name),
        }
    }
}
