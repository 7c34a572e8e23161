"""Parameters of the query and ec2 protocols: dotted names.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
"""

from botocore.model import Shape

from aws.requests import leaf

Tree = dict

# Where a tree keeps the value of a name that may have further names below it: no part of a name is None.
LEAF = None


def from_form(shape: Shape | None, sent: dict, protocol: str) -> object:
    """The parameters in a form (name to values) as the model names them."""
    tree = _tree(sent)
    return tree if shape is None else _from_query(shape, tree, protocol)


def _tree(sent: dict) -> Tree:
    """`A.member.1.B=x` as {"A": {"member": {"1": {"B": {LEAF: "x"}}}}}."""
    root: Tree = {}
    for key, values in sent.items():
        node = root
        for part in key.split("."):
            node = node.setdefault(part, {})
        node[LEAF] = values[0]
    return root


def _from_query(shape: Shape, node: Tree, protocol: str) -> object:
    decoders = {"structure": _structure_from_query, "list": _list_from_query, "map": _map_from_query}
    decode = decoders.get(shape.type_name)
    if decode:
        return decode(shape, node, protocol)
    return leaf.from_text(shape, node[LEAF]) if set(node) == {LEAF} else node


def _structure_from_query(shape: Shape, node: Tree, protocol: str) -> object:
    names = {_query_name(member, name, protocol): name for name, member in shape.members.items()}
    return {
        names.get(wire, wire): _from_query(shape.members[names[wire]], child, protocol) if wire in names else child
        for wire, child in node.items()
        if wire is not LEAF
    }


def _query_name(member: Shape, name: str, protocol: str) -> str:
    serialized = member.serialization
    if protocol == "ec2":
        located = serialized.get("name", name)
        return serialized.get("queryName", located[0].upper() + located[1:])
    if member.type_name == "list" and serialized.get("flattened") and member.member.serialization.get("name"):
        return member.member.serialization["name"]
    return serialized.get("name", name)


def _list_from_query(shape: Shape, node: Tree, protocol: str) -> object:
    if set(node) == {LEAF}:
        return [] if node[LEAF] == "" else node
    if protocol != "ec2" and not shape.serialization.get("flattened"):
        wrapper = shape.member.serialization.get("name", "member")
        if set(node) - {LEAF} != {wrapper}:
            return node
        node = node[wrapper]
    entries = _entries(node)
    return node if entries is None else [_from_query(shape.member, each, protocol) for each in entries]


def _map_from_query(shape: Shape, node: Tree, protocol: str) -> object:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    entries = _entries(node if shape.serialization.get("flattened") else node.get("entry", {}))
    if entries is None or any(set(each) != {key_name, value_name} for each in entries):
        return node
    return {each[key_name].get(LEAF, ""): _from_query(shape.value, each[value_name], protocol) for each in entries}


def _entries(node: Tree) -> list[Tree] | None:
    """The children of an indexed node in order, or None when they are not numbered 1, 2, 3 ..."""
    if set(node) != {str(index) for index in range(1, len(node) + 1)}:
        return None
    return [node[str(index)] for index in range(1, len(node) + 1)]
