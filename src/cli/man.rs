//! `sesam man` (hidden): writes the man pages, one per command, from the same tree as `--help`.

use std::path::{Path, PathBuf};

use clap::{Args, Command};

use super::exit::{Done, Exit, Failure};
use crate::vault::disk;

/// Write the man pages
#[derive(Args)]
pub struct ManArgs {
    /// Into which directory
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Runs the command for the tree of commands.
pub fn run(args: &ManArgs, tree: Command) -> Done {
    std::fs::create_dir_all(&args.out).map_err(|error| Failure::failed(error.to_string()))?;
    for (name, page) in pages(tree) {
        let path = args.out.join(name);
        disk::replace_lightly(&path, &path.with_extension("tmp"), &page)
            .map_err(|error| Failure::failed(format!("could not write {}: {error}", path.display())))?;
    }
    Ok(Exit::Done)
}

/// Every page with its file name, `sesam-code.1`.
pub fn pages(mut tree: Command) -> Vec<(String, Vec<u8>)> {
    tree.build();
    let mut pages = Vec::new();
    let name = tree.get_name().to_owned();
    collect(&tree, &name, &mut pages);
    pages
}

fn collect(command: &Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    pages.push((format!("{name}.1"), page(command, name)));
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
    for sub in shown {
        collect(sub, &format!("{name}-{}", sub.get_name()), pages);
    }
}

fn page(command: &Command, name: &str) -> Vec<u8> {
    let shown = command.clone().name(name.to_owned()).display_name(name.to_owned()).disable_help_flag(true);
    let man =
        clap_mangen::Man::new(shown).title(name.to_uppercase()).section("1").source(source()).manual("sesam");
    let mut page = Vec::new();
    man.render(&mut page).expect("writing to memory succeeds");
    page
}

fn source() -> String {
    format!("sesam {}", env!("CARGO_PKG_VERSION"))
}

/// Where the committed pages lie, seen from the root of the project.
pub const COMMITTED: &str = "man";

/// Whether a directory holds exactly these pages.
pub fn differs_from(directory: &Path, tree: Command) -> Option<String> {
    let pages = pages(tree);
    let stale =
        pages.iter().find(|(name, page)| std::fs::read(directory.join(name)).ok().as_ref() != Some(page));
    if let Some((name, _)) = stale {
        return Some(name.clone());
    }
    let files = std::fs::read_dir(directory)
        .ok()?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    // sesamd's pages lie beside them, and are its own business.
    let own = |file: &String| file.ends_with(".1") && !file.starts_with("sesamd");
    files.into_iter().find(|file| own(file) && !pages.iter().any(|(name, _)| name == file))
}
