package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaDrill;

class KafkaDrillContractTest extends KafkaVerifierContract {

  @Override
  protected Verifier verifier() {
    return KafkaDrill.create();
  }
}
