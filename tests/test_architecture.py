"""The rules of the house that no import contract can say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("agent", "plugins") for path in (ROOT / folder).rglob("*.py"))
HEAVY = ("semantic_kernel", "openai", "dbos", "sqlalchemy", "alembic", "rich", "prompt_toolkit", "jinja2", "grpc")
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb" + "ian.org")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Of a source, every one; read once for all the rules."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.integration
def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout.decode()


class _Makers(ast.NodeVisitor):
    """Every way in a module by which an `Approval` could come to be: naming the class outside annotations and imports
    (a call, another name for it), or copying or altering a value that is called one.
    """

    def __init__(self) -> None:
        self.names, self.ways = {"Approval"}, list[str]()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.names |= {alias.asname for alias in node.names if alias.name == "Approval" and alias.asname}

    def visit_arg(self, node: ast.arg) -> None:
        """A parameter's annotation makes nothing."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for part in (*node.body, *node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
            if part is not None:
                self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's own name

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self.names:
            self.ways.append(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in self.names:
            self.ways.append(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        copies = re.search(
            r"replace|copy|__class__|__new__|setattr|\btype\(|construct|validate", ast.unparse(node.func)
        )
        if copies and re.search(r"\bapproval\b|\bapproved\b", whole := ast.unparse(node), re.IGNORECASE):
            self.ways.append(whole)
        self.generic_visit(node)


def makers(module: ast.AST) -> list[str]:
    visitor = _Makers()
    visitor.visit(module)
    return visitor.ways


def test_only_approvals_makes_an_approval() -> None:
    """Whoever else could make one could apply what nobody approved."""
    found = {name_of(path): makers(nodes(path)[0]) for path in SOURCES}
    assert {name for name, ways in found.items() if ways} == {"agent/approvals.py"}


@pytest.mark.parametrize(
    "source",
    [
        "Approval('apr_1', plan_id, digest, by, at, at)",
        "from plugins.domain.approval import Approval as Consent\nConsent(**row)",
        "approval.Approval(**row)",
        "make = Approval",
        "dataclasses.replace(approval, digest=digest)",
        "replace(run.approval, plan_id=plan_id)",
        "copy.replace(approval, digest=digest)",
        "approval.model_copy(update={'digest': digest})",
        "approval.__class__(**row)",
        "type(approval)(**row)",
        "object.__new__(Approval)",
        "object.__setattr__(approval, 'digest', digest)",
        "TypeAdapter(Approval).validate_python(row)",
    ],
)
def test_whoever_makes_one_in_any_way_is_seen(source: str) -> None:
    assert makers(ast.parse(source))


def test_who_is_handed_an_approval_makes_none() -> None:
    assert (
        makers(ast.parse("async def apply(item: Item, approval: Approval) -> Approval | None:\n    return approval"))
        == []
    )


def test_only_a_decision_comes_to_a_confirmation() -> None:
    """What words were understood as is acted upon elsewhere, and nothing there can confirm."""
    users = {
        name_of(path)
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "agent.turn.actions.approve"
        for alias in node.names
        if alias.name != "reject"
    }
    assert users == {"agent/turn/turn.py"}


def test_only_the_faces_of_the_verbs_and_the_voice_import_semantic_kernel() -> None:
    users = {
        name_of(path) for path in SOURCES if any(name.split(".")[0] == "semantic_kernel" for name in imports(path))
    }
    faces = {name_of(path) for path in SOURCES if path.name == "plugin.py"}
    assert users == faces | {
        "plugins/kernel_face.py",
        "agent/brain/semantic_kernel.py",
        "agent/brain/double/connector.py",
    }


def test_no_face_of_a_verb_can_apply() -> None:
    """Nothing that a face imports, however far down, can apply, undo, start a command or be handed an approval."""
    graph = grimp.build_graph("agent", "plugins", include_external_packages=True)
    dangerous = {module_of(path) for path in SOURCES if can_apply(path)} | {"subprocess", "multiprocessing"}
    faces = {module_of(path) for path in SOURCES if path.name == "plugin.py"}
    assert "plugins.deploy.plugin" in faces
    assert len(dangerous & graph.modules) > 5
    for face in sorted(faces):
        assert graph.find_upstream_modules(face) & dangerous == set(), face


def can_apply(path: Path) -> bool:
    """Whether a function of this module takes an approval."""
    arguments = (node for node in nodes(path) if isinstance(node, ast.arg))
    return any(node.annotation is not None and "Approval" in ast.unparse(node.annotation).split() for node in arguments)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.integration
def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom agent.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"


@pytest.mark.integration
def test_an_app_is_built_without_kernel_engine_or_terraform() -> None:
    """They are loaded by whoever starts them: the model's brain, the work, the sandbox."""
    code = (
        "import sys, os\nfrom agent.app import build\nbuild(os.environ)\n"
        "print([n for n in ('semantic_kernel', 'openai', 'grpc', 'jinja2', 'rich', 'dbos') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.integration
def test_importing_a_module_reads_no_file() -> None:
    """Tables and templates are read when they are first needed."""
    code = """
import importlib, pkgutil, sys
import plugins, agent
names = [m.name for p in (plugins, agent) for m in pkgutil.walk_packages(p.__path__, p.__name__ + ".")]
names = [n for n in names if not n.endswith((".plugin", ".kernel_face", ".kernel", ".connector", "__main__"))]
opened = []
def watch(event, arguments):
    if event == "open" and str(arguments[0]).endswith((".csv", ".toml", ".json", ".j2", ".db")):
        opened.append(str(arguments[0]))
sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
print(opened)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "[]"


@pytest.mark.integration
def test_no_committed_file_names_a_registry_host() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    guilty = [
        name
        for name in listed
        if (ROOT / name).is_file() and any(host in (ROOT / name).read_text("utf-8", "ignore") for host in HOSTS)
    ]
    assert guilty == []


def test_only_the_rim_writes_to_a_terminal() -> None:
    """Whoever wrote past it would let through what a terminal obeys. The provider's line is for Terraform alone."""
    rim = {"agent/output.py", "plugins/deploy/sandbox/serving.py"}
    for path in SOURCES:
        for node in nodes(path):
            said = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if said in ("print", "sys.stdout.write", "sys.stderr.write"):
                assert name_of(path) in rim, f"{name_of(path)}: {said}"
            assert said not in ("Console", "rich.print"), name_of(path)


def test_no_class_name_stands_twice() -> None:
    """Whoever reads a name knows which one is meant."""
    places: dict[str, list[str]] = {}
    for root in ("agent", "plugins"):
        for path in sorted((ROOT / root).rglob("*.py")):
            for node in nodes(path):
                if isinstance(node, ast.ClassDef):
                    places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}
