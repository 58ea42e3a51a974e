"""A provider for Terraform of a type that driftline does not read: people whose records are files, so that a test can change
them past Terraform. The directory of the files is named by PEOPLE."""

import json
import os
import sys
from pathlib import Path

from tf import runner, types
from tf.iface import Provider, Resource
from tf.schema import Attribute, Schema

RECORDS = Path(os.environ["PEOPLE"])


class Person(Resource):
    def __init__(self, provider):
        pass

    @classmethod
    def get_name(cls):
        return "user"

    @classmethod
    def get_schema(cls):
        return Schema(attributes=[
            Attribute("id", types.String(), computed=True),
            Attribute("login", types.String(), required=True, requires_replace=True),
            Attribute("email", types.String(), optional=True),
            Attribute("admin", types.Bool(), optional=True),
            Attribute("pin", types.String(), optional=True, sensitive=True),
            Attribute("groups", types.Set(types.String()), optional=True),
        ])

    def write(self, planned):
        record = {**planned, "id": planned["login"]}
        (RECORDS / record["id"]).write_text(json.dumps(record))
        return record

    def create(self, ctx, planned):
        return self.write(planned)

    def update(self, ctx, current, planned):
        return self.write(planned)

    def read(self, ctx, current):
        record = RECORDS / current["id"]
        return json.loads(record.read_text()) if record.exists() else None

    def delete(self, ctx, current):
        (RECORDS / current["id"]).unlink(missing_ok=True)

    def import_(self, ctx, id):
        return self.read(ctx, {"id": id})


class Directory(Provider):
    def get_model_prefix(self):
        return "directory_"

    def full_name(self):
        return "registry.terraform.io/example/directory"

    def get_provider_schema(self, diagnostics):
        return Schema(attributes=[])

    def validate_config(self, diagnostics, config):
        pass

    def configure_provider(self, diagnostics, config):
        pass

    def get_data_sources(self):
        return []

    def get_resources(self):
        return [Person]


runner.run_provider(Directory(), sys.argv)
