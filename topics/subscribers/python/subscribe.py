"""Prints the records of a Paystream topic as lines of JSON, with nothing but Confluent's own Python client.

    python subscribe.py --brokers 127.0.0.1:9092 --registry http://127.0.0.1:8081 --topic payment.settled

Ends after --count records, or after --seconds without enough of them (exit code 1).
"""

import argparse
import json
import sys
import time
import uuid

from confluent_kafka import Consumer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--registry", required=True, help="URL of the schema registry")
    parser.add_argument("--topic", required=True)
    parser.add_argument("--count", type=int, default=10, help="records to print")
    parser.add_argument("--seconds", type=float, default=30, help="longest wait for them")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    deserialize = AvroDeserializer(SchemaRegistryClient({"url": arguments.registry}))
    consumer = Consumer(
        {
            "bootstrap.servers": arguments.brokers,
            "group.id": f"subscriber-{uuid.uuid4()}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            # Records of transactions that were given up are not events.
            "isolation.level": "read_committed",
        }
    )
    consumer.subscribe([arguments.topic])
    try:
        return print_records(consumer, deserialize, arguments)
    finally:
        consumer.close()


def print_records(consumer, deserialize, arguments):
    deadline = time.monotonic() + arguments.seconds
    left = arguments.count
    while left > 0 and time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error():
            print(message.error(), file=sys.stderr)
            continue
        context = SerializationContext(message.topic(), MessageField.VALUE)
        record = {
            "topic": message.topic(),
            "partition": message.partition(),
            "offset": message.offset(),
            "key": message.key() and message.key().decode(),
            "headers": {name: value.decode() for name, value in message.headers() or []},
            "value": deserialize(message.value(), context),
        }
        # Times arrive as datetime; everything else is JSON already. Integers are printed whole, whatever their size.
        print(json.dumps(record, default=lambda time: time.isoformat(timespec="microseconds")), flush=True)
        left -= 1
    return 0 if left == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
