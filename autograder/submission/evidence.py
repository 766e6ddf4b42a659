"""What a submission's own text says about its intentions: evidence for the instructor.

Nothing is forbidden by these lists, and no point depends on them (the judge is out of reach
whatever the code does); they say where to look. Who wants to hide from them can.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping

from autograder.submission.shortcuts import LIBRARIES, shortcuts
from autograder.submission.stand_in import ROOMS, WORDS

NETWORK = "opens network connections"
PROGRAMS = "starts other programs"
PROCESSES = "starts other processes"
SIGNALS = "sends signals to processes"
ENDS = "ends the process"
LOW_LEVEL = "calls into the C library"
REWRITES = "rewrites cells before they run"
ERRORS = "changes how errors are shown"
FRAMES = "looks at other functions' frames"
INSIDES = "reaches into the insides of functions and classes"
HIDDEN = "imports the hidden checks"
IMPORTS = "changes what is imported"
HIDES = "imports what its text does not name"
REPLACES = "replaces functions of Python or of a library"
POSES = "makes objects that pose as numbers or arrays"
DETECTS = "asks whether it is being graded"
LIBRARY = "uses a library that differentiates by itself"
OUTSIDE = "names files that are not its own"
SCRIPTS = "shows a page that runs scripts"
FILES = "makes files or folders"
CODES = "sends control codes to the reader's screen"
MASKS = "uses masked arrays"

MODULES = {
    **dict.fromkeys(("socket", "urllib", "http", "requests", "ftplib", "smtplib"), NETWORK),
    **dict.fromkeys(("subprocess", "pty"), PROGRAMS),
    **dict.fromkeys(("ctypes", "cffi", "mmap"), LOW_LEVEL),
    **dict.fromkeys(("torch", "tensorflow", "jax", "autograd", "keras"), LIBRARY),
    "multiprocessing": PROCESSES,
    "threading": "starts threads",
    "signal": "handles signals",
    "atexit": "leaves work for the end of the process",
    "gc": "looks through the interpreter's memory",
    "builtins": REPLACES,
    "reference_impl": "imports the reference answers",
}
NAMES = {
    **dict.fromkeys(("input_transformers_post", "input_transformers_cleanup"), REWRITES),
    **dict.fromkeys(("ast_transformers", "input_transformer_manager"), REWRITES),
    **dict.fromkeys(("showtraceback", "_showtraceback", "set_custom_exc", "excepthook"), ERRORS),
    **dict.fromkeys(("_getframe", "currentframe", "tb_frame", "f_back", "f_locals"), FRAMES),
    **dict.fromkeys(("settrace", "setprofile", "_current_frames"), FRAMES),
    **dict.fromkeys(("__globals__", "__closure__", "__code__", "__subclasses__"), INSIDES),
    **dict.fromkeys(("meta_path", "path_hooks"), IMPORTS),
    **dict.fromkeys(("__import__", "import_module", "spec_from_file_location"), HIDES),
    **dict.fromkeys(("_exit", "abort"), ENDS),
    **dict.fromkeys(("kill", "killpg"), SIGNALS),
    **dict.fromkeys(("fork", "forkpty"), PROCESSES),
    **dict.fromkeys(("popen", "posix_spawn", "execv", "execve", "execvp"), PROGRAMS),
    **dict.fromkeys(("closerange", "dup2"), "tampers with open files"),
    **dict.fromkeys(("symlink", "link_to", "hardlink_to"), "makes links to files"),
    **dict.fromkeys(("__array__", "__array_ufunc__", "__array_function__"), POSES),
    **dict.fromkeys(("__reduce__", "__array_interface__", "__eq__", "__float__"), POSES),
    **dict.fromkeys(("mkdir", "makedirs", "mkfifo", "memmap", "write_bytes"), FILES),
    **dict.fromkeys(("chdir", "chmod", "chown"), FILES),
    **dict.fromkeys(("MaskedArray", "masked_all", "masked_array"), MASKS),
    **dict.fromkeys(("call_back", "JudgeFunction"), "talks to the judge by itself"),
    "fstat": "looks at open files",
    "__builtins__": REPLACES,
}
TEXT = {
    "gradebook": "names the gradebook",
    "/proc/": "looks at other processes",
    "pre_run_cell": REWRITES,
    "sitecustomize": "leaves files for other programs to run",
    "<script": SCRIPTS,
    "%%javascript": SCRIPTS,
    **dict.fromkeys(("ipykernel", "ZMQInteractiveShell", "nbgrader"), DETECTS),
}
CONTROL_CODES = re.compile(r"\\x1b|\\033|\\u001b|\\x9b|\x1b|\x9b", re.IGNORECASE)
FOREIGN_FILES = re.compile(r"""["'](/(etc|root|var|sys|dev|boot|run)\b|(\.\./){2})""")
POSED = {"ndarray", "float", "int", "str", "Generator"}
OURS = "autograder."
OPEN_TO_LEARNERS = tuple(OURS + name for name in (*ROOMS, *WORDS))
"""All else of the package is ours: where submissions run, it is not even there."""
MAX_CHARACTERS = 200_000


def suspicious(
    cells: list[tuple[str, str]], needs: Mapping[str, frozenset[str]] | None = None
) -> list[str]:
    """What cells do that no exercise asks for, one line per cell and reason.

    `needs` says of each exercise, which is a cell of that name, what its answer may call.
    """
    found = dict.fromkeys(
        f"cell `{name}` {reason}"
        for name, source in cells
        for reason in _reasons_of(name, source, (needs or {}).get(name))
    )
    return list(found)


@functools.lru_cache(maxsize=1000)
def _reasons_of(name: str, source: str, needs: frozenset[str] | None) -> tuple[str, ...]:
    """Most cells are alike in a whole class."""
    return tuple(_reasons(name, source, needs))


def _reasons(name: str, source: str, needs: frozenset[str] | None) -> Iterator[str]:
    if len(source) > MAX_CHARACTERS:
        yield "is too long to be looked through"
        return
    yield from (reason for text, reason in TEXT.items() if text in source)
    if FOREIGN_FILES.search(source):
        yield OUTSIDE
    if CONTROL_CODES.search(source):
        yield CODES
    # Magics and shell lines; [ \t] and not \s, which would take for ever over empty lines.
    python = re.sub(r"^([ \t]*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        tree = ast.parse(python)
    except (RecursionError, MemoryError):
        yield "is too deep to be looked through"
        return
    except (SyntaxError, ValueError):
        yield from _reasons_of_words(source)
        return
    for node in ast.walk(tree):
        yield from _reasons_of_node(node)
    yield from shortcuts(name, python, tree, needs)


def _reasons_of_words(source: str) -> Iterator[str]:
    """What does not parse (another `!magic`, a mistake) is looked at word by word."""
    for module in re.findall(r"\b(?:import|from)[ \t]+(\w+)", source):
        yield from _known(MODULES, module)
    for name in re.findall(r"\w+", source):
        yield from _known(NAMES, name)


def _reasons_of_node(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield from _reasons_of_import(alias.name)
        case ast.ImportFrom(module=str(module), names=names):
            yield from _reasons_of_import(module)
            for alias in names:
                yield from _known(NAMES, alias.name)
                yield from _hidden(f"{module}.{alias.name}")
        case ast.FunctionDef(name="check" | "grade"):
            yield "redefines the checks"
        case ast.FunctionDef(name=name):
            yield from _known(NAMES, name)
        case ast.ClassDef(bases=bases):
            named = {getattr(base, "attr", getattr(base, "id", "")) for base in bases}
            yield from [POSES] * bool(named & POSED)
        case ast.Attribute() | ast.Name() | ast.Subscript() | ast.Call():
            yield from _reasons_of_expression(node)


def _reasons_of_expression(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr="system"):
            yield PROGRAMS
        case ast.Attribute(ctx=ast.Store()) if _root(node) in LIBRARIES:
            yield REPLACES
        case ast.Name(id="exec" | "eval"):  # by themselves: `model.eval()` is something else
            yield "runs text as code"
        case ast.Call(func=ast.Name(id="open"), args=[_, ast.Constant(value=str(mode)), *_]):
            yield from [FILES] * bool(set(mode) & set("wax+"))
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="ma"):
            yield MASKS
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]):
            yield from [REPLACES] * (name in LIBRARIES)
        case ast.Subscript(value=ast.Attribute(attr="modules"), ctx=ast.Store() | ast.Del()):
            yield IMPORTS
        case ast.Attribute(attr=name) | ast.Name(id=name):
            yield from _known(NAMES, name)


def _root(node: ast.expr) -> str:
    """The first name of `a.b.c`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return getattr(node, "id", "")


def _reasons_of_import(module: str) -> Iterator[str]:
    yield from _known(MODULES, module.partition(".")[0])
    yield from _hidden(module)


def _hidden(name: str) -> list[str]:
    return [HIDDEN] * (name.startswith(OURS) and not name.startswith(OPEN_TO_LEARNERS))


def _known(table: dict[str, str], name: str) -> Iterator[str]:
    if name in table:
        yield table[name]
