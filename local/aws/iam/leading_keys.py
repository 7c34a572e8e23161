"""dynamodb:LeadingKeys: the partition keys of the items that a request names.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

import json
import re
from collections.abc import Iterator


def context(action: str, body: bytes) -> dict:
    """The key's values; none for a request that names no partition key (Scan): AWS leaves the key out then."""
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    keys = list(_keys(action, request)) if isinstance(request, dict) else []
    return {"dynamodb:LeadingKeys": keys} if keys else {}


def _keys(action: str, request: dict) -> Iterator[str]:
    if action in ("TransactWriteItems", "TransactGetItems"):
        for entry in request.get("TransactItems") or ():
            for operation in entry.values():
                yield from _of_item(operation.get("TableName"), operation.get("Key") or operation.get("Item"))
    elif action == "BatchWriteItem":
        for table, writes in (request.get("RequestItems") or {}).items():
            for write in writes:
                put, delete = write.get("PutRequest") or {}, write.get("DeleteRequest") or {}
                yield from _of_item(table, put.get("Item") or delete.get("Key"))
    elif action == "BatchGetItem":
        for table, read in (request.get("RequestItems") or {}).items():
            for key in read.get("Keys") or ():
                yield from _of_item(table, key)
    elif action == "Query":
        yield from _of_query(request)
    else:
        yield from _of_item(request.get("TableName"), request.get("Key") or request.get("Item"))


def _of_item(table: str | None, item: dict | None) -> Iterator[str]:
    name = _partition_key(table, None)
    if name and item and name in item:
        yield _text(item[name])


def _of_query(request: dict) -> Iterator[str]:
    name = _partition_key(request.get("TableName"), request.get("IndexName"))
    condition = (request.get("KeyConditions") or {}).get(name)
    if condition:
        yield from (_text(value) for value in condition.get("AttributeValueList") or ())
        return
    names, values = request.get("ExpressionAttributeNames") or {}, request.get("ExpressionAttributeValues") or {}
    for left, right in re.findall(r"([#\w.-]+)\s*=\s*(:\w+)", request.get("KeyConditionExpression") or ""):
        if names.get(left, left) == name and right in values:
            yield _text(values[right])


def _partition_key(table: str | None, index: str | None) -> str | None:
    from ministack.services import dynamodb

    found = dynamodb._tables.get((table or "").rpartition("/")[2])
    if not found:
        return None
    indexes = [*(found.get("GlobalSecondaryIndexes") or ()), *(found.get("LocalSecondaryIndexes") or ())]
    schema = next((each["KeySchema"] for each in indexes if each["IndexName"] == index), found["KeySchema"])
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)


def _text(value: dict) -> str:
    """{"S": "x"} as x: numbers and binary values as the request writes them."""
    return str(next(iter(value.values()), ""))
