"""What travels between the services of a Gongxue network, and nothing else.

- `envelope`: the CloudEvents 1.0 envelope with our extensions, to and from JSON.
- `catalogue`: every command and fact by its wire type; tolerant reading, strict writing.
- `registration`, `directory`, `gateway`, `bus`: the schemas, one file per publishing service.
- `python -m gongxue_contracts export DIR` writes the same as JSON Schema 2020-12, `asyncapi` as one document.
"""

from typing import Final

VERSION: Final = "0.1.0"
"""Of this package, by the rules of Semantic Versioning."""
