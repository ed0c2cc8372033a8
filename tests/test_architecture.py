"""The rules of the house that no import contract can say."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for folder in ("agent", "plugins") for path in (ROOT / folder).rglob("*.py"))
HEAVY = ("semantic_kernel", "openai", "dbos", "sqlalchemy", "alembic", "rich", "prompt_toolkit", "jinja2", "grpc")
HOSTS = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "deb" + "ian.org")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout.decode()


def test_only_approvals_makes_an_approval() -> None:
    """Whoever else could make one could apply what nobody approved."""
    makers = [
        name_of(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Approval"
    ]
    assert set(makers) == {"agent/approvals.py"}


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
    for path in SOURCES:
        if path.name == "plugin.py":
            assert "executor" not in path.read_text("utf-8"), name_of(path)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom agent.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "[]"


def test_an_app_is_built_without_kernel_engine_or_terraform() -> None:
    """They are loaded by whoever starts them: the model's brain, the work, the sandbox."""
    code = (
        "import sys, os\nfrom agent.app import build\nbuild(os.environ)\n"
        "print([n for n in ('semantic_kernel', 'openai', 'grpc', 'jinja2', 'rich', 'dbos') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


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
    rim = {"agent/output.py", "plugins/deploy/sandbox/server.py"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            said = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if said in ("print", "sys.stdout.write", "sys.stderr.write"):
                assert name_of(path) in rim, f"{name_of(path)}: {said}"
            assert said not in ("Console", "rich.print"), name_of(path)
