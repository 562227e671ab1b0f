//! Every file in `shaders/` opens, reads and validates alone, and agrees with its Rust side.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cnn_playground::ops::{cross_entropy, shaders};
use cnn_playground::plan::{Access, Layout, Shader};
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{AddressSpace, ShaderStage, StorageAccess, TypeInner};

struct Parsed {
    module: naga::Module,
    info: ModuleInfo,
}

/// The file as it lies there.
fn text(shader: &Shader) -> String {
    fs::read_to_string(root().join("shaders").join(shader.file)).expect("a shader file")
}

fn parse(shader: &Shader) -> Parsed {
    let source = text(shader);
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(&source, shader.file)));
    let mut validator = Validator::new(ValidationFlags::all(), Capabilities::default());
    let info = validator
        .validate(&module)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string_with_path(&source, shader.file)));
    Parsed { module, info }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, extension, found);
        } else if path.extension().is_some_and(|of| of == extension) {
            found.push(path);
        }
    }
}

#[test]
fn every_shader_file_is_listed_and_has_a_rust_file_of_its_stem() {
    let mut on_disk = Vec::new();
    files(&root().join("shaders"), "wgsl", &mut on_disk);
    let name = |path: &PathBuf| path.file_name().expect("named").to_string_lossy().into_owned();
    let on_disk: BTreeSet<String> = on_disk.iter().map(name).collect();
    let listed: BTreeSet<String> = shaders().iter().map(|shader| shader.file.to_owned()).collect();
    assert_eq!(on_disk, listed);
    let mut rust = Vec::new();
    files(&root().join("src"), "rs", &mut rust);
    for file in listed {
        let include = format!("wgsl!(\"{file}\")");
        let owners = rust.iter().filter(|path| fs::read_to_string(path).expect("text").contains(&include));
        assert_eq!(owners.count(), 1, "{file} is included by one Rust file");
    }
}

/// A module in words, but for where in the text things stand.
fn without_places(module: &str) -> String {
    let mut parts = module.split("Span {");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |words, part| words + part.split_once('}').expect("a span ends").1)
}

#[test]
fn what_the_engine_carries_means_what_the_file_says() {
    let without_spaces = |line: &str| line.split_whitespace().collect::<String>();
    for shader in shaders() {
        let file = text(shader);
        assert_eq!(file.lines().count(), shader.source.lines().count(), "{}", shader.file);
        for (line, carried) in file.lines().zip(shader.source.lines()) {
            let code = line.split("//").next().unwrap_or_default();
            assert_eq!(without_spaces(code), without_spaces(carried), "{}", shader.file);
        }
        let [from_file, from_carried] = [&file, shader.source].map(|source| {
            let module = naga::front::wgsl::parse_str(source).expect("valid");
            without_places(&format!("{:?} {:?}", module.functions, module.entry_points))
        });
        assert!(from_file == from_carried, "{} means another thing without its spaces", shader.file);
    }
}

#[test]
fn resource_variables_are_those_of_the_rust_table() {
    for shader in shaders() {
        let Parsed { module, .. } = parse(shader);
        let mut found = BTreeMap::new();
        for (_, variable) in module.global_variables.iter() {
            let Some(binding) = variable.binding else { continue };
            assert_eq!(binding.group, 0, "{}", shader.file);
            let access = match variable.space {
                AddressSpace::Uniform => Access::Uniform,
                AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => {
                    Access::ReadWrite
                }
                AddressSpace::Storage { .. } => Access::Read,
                other => panic!("{}: a resource in {other:?}", shader.file),
            };
            found.insert(binding.binding, (variable.name.clone().expect("named"), access));
        }
        let expected: BTreeMap<u32, (String, Access)> = (0..)
            .zip(shader.bindings.iter().map(|binding| (binding.name.to_owned(), binding.access)))
            .collect();
        assert_eq!(found, expected, "{}", shader.file);
    }
}

fn check_layout(shader: &Shader, module: &naga::Module, name: &str, layout: Layout) {
    let found = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name));
    let Some((_, ty)) = found else { panic!("{} has no struct {name}", shader.file) };
    let TypeInner::Struct { members, span } = &ty.inner else { panic!("{name} is no struct") };
    let found: Vec<_> = members.iter().map(|m| (m.name.clone().expect("named"), m.offset as usize)).collect();
    let expected: Vec<_> = layout.fields.iter().map(|&(name, offset)| (name.to_owned(), offset)).collect();
    assert_eq!(found, expected, "{} {name}", shader.file);
    assert_eq!(*span as usize, layout.size, "{} {name}", shader.file);
}

#[test]
fn uniform_structs_lie_in_memory_as_their_rust_twins() {
    for shader in shaders() {
        let Parsed { module, .. } = parse(shader);
        let has = |name: &str| shader.bindings.iter().any(|binding| binding.name == name);
        if has("dims") {
            check_layout(shader, &module, "Dims", shader.dims);
        }
        if has("step") {
            check_layout(shader, &module, "Step", cross_entropy::STEP);
        }
    }
}

#[test]
fn entry_points_stay_inside_the_limits_of_every_device() {
    for shader in shaders() {
        let Parsed { module, info } = parse(shader);
        for (index, entry) in module.entry_points.iter().enumerate() {
            let used = info.get_entry_point(index);
            let storage = module.global_variables.iter().filter(|(handle, variable)| {
                matches!(variable.space, AddressSpace::Storage { .. }) && !used[*handle].is_empty()
            });
            let storage = storage.count();
            assert!(storage <= 8, "{} {}: {storage} storage buffers", shader.file, entry.name);
            if entry.stage == ShaderStage::Compute {
                let invocations: u32 = entry.workgroup_size.iter().product();
                assert!(invocations <= 256, "{} {}: {invocations} invocations", shader.file, entry.name);
                let shared = module.global_variables.iter().filter(|(handle, variable)| {
                    variable.space == AddressSpace::WorkGroup && !used[*handle].is_empty()
                });
                let bytes: u32 = shared.map(|(_, of)| module.types[of.ty].inner.size(module.to_ctx())).sum();
                assert!(bytes <= 16_384, "{} {}: {bytes} bytes of a workgroup", shader.file, entry.name);
            }
        }
    }
}

/// `Kernel { …, entry_point: "x", workgroup_size: [a, b, c] }` in the Rust file that owns a shader.
fn kernels_in_rust(source: &str) -> BTreeMap<String, [u32; 3]> {
    let after = |text: &str, mark: &str, end: char| {
        let start = text.find(mark)? + mark.len();
        Some(text[start..].split(end).next().expect("split yields one").to_owned())
    };
    let mut found = BTreeMap::new();
    for part in source.split("Kernel {").skip(1) {
        let Some(name) = after(part, "entry_point: \"", '"') else { continue };
        let size = after(part, "workgroup_size: [", ']').expect("a kernel tells its workgroup size");
        let size: Vec<u32> = size.split(',').map(|n| n.trim().parse().expect("a number")).collect();
        found.insert(name, size.try_into().expect("three numbers"));
    }
    found
}

#[test]
fn kernels_are_the_entry_points_with_their_workgroup_sizes() {
    let mut rust = Vec::new();
    files(&root().join("src"), "rs", &mut rust);
    for shader in shaders().into_iter().filter(|shader| shader.file != "view.wgsl") {
        let include = format!("wgsl!(\"{}\")", shader.file);
        let texts = rust.iter().map(|path| fs::read_to_string(path).expect("text"));
        let owner = texts.into_iter().find(|text| text.contains(&include)).expect("an owner");
        let Parsed { module, .. } = parse(shader);
        let expected: BTreeMap<String, [u32; 3]> =
            module.entry_points.iter().map(|entry| (entry.name.clone(), entry.workgroup_size)).collect();
        assert_eq!(kernels_in_rust(&owner), expected, "{}", shader.file);
    }
}
