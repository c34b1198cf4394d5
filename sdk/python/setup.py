"""Compiles the .proto files into the packages whorl.v1 and whorl.identity.v1 when the client is built, so that no generated code is kept."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
# The packages of messages.
PACKAGES = ["whorl/v1", "whorl/identity/v1"]
# Where the files are: beside the server in a checkout, within a source distribution.
PLACES = [HERE.parent.parent / "api" / "proto", HERE / "proto"]


def proto_folder() -> Path:
    for place in PLACES:
        if all((place / package).is_dir() for package in PACKAGES):
            return place
    raise SystemExit(f"the .proto files are in none of {', '.join(map(str, PLACES))}")


def compile_protos(out: Path) -> None:
    # Asked for only here: a source distribution is made without it.
    import grpc_tools
    from grpc_tools import protoc

    # With those of the protocol buffers themselves, which records are made of.
    folder, its_own = proto_folder(), Path(grpc_tools.__file__).parent / "_proto"
    files = sorted(str(path) for package in PACKAGES for path in (folder / package).glob("*.proto"))
    for package in PACKAGES:
        (out / package).mkdir(parents=True, exist_ok=True)
        (out / package / "__init__.py").write_text('"""The messages of Whorl, generated."""\n')
    failed = protoc.main(["protoc", f"-I{folder}", f"-I{its_own}", f"--python_out={out}", f"--pyi_out={out}", *files])
    if failed:
        raise SystemExit("the .proto files cannot be compiled")


class BuildPy(build_py):
    def run(self) -> None:
        super().run()
        # An editable installation is imported from here.
        compile_protos(HERE if self.editable_mode else Path(self.build_lib))


class Sdist(sdist):
    def make_release_tree(self, base_dir: str, files: list) -> None:
        super().make_release_tree(base_dir, files)
        target = Path(base_dir) / "proto"
        # Files of a release may be hard links; these are the archive's own.
        shutil.copytree(proto_folder(), target, dirs_exist_ok=True, ignore=lambda _, names: set(names) - kept(names))


def kept(names: list) -> set:
    return {name for name in names if name in ("whorl", "identity", "v1") or name.endswith(".proto")}


setup(cmdclass={"build_py": BuildPy, "sdist": Sdist})
