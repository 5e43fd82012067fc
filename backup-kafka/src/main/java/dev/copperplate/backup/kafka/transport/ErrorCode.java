package dev.copperplate.backup.kafka.transport;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Errors that are treated in a way of their own.
 *
 * @see <a href="https://kafka.apache.org/protocol#protocol_error_codes">Kafka protocol guide,
 *     "Error Codes"</a>
 */
enum ErrorCode {
  NONE(0),
  OFFSET_OUT_OF_RANGE(1),
  CORRUPT_MESSAGE(2),
  UNKNOWN_TOPIC_OR_PARTITION(3),
  LEADER_NOT_AVAILABLE(5),
  NOT_LEADER_OR_FOLLOWER(6),
  REQUEST_TIMED_OUT(7),
  REPLICA_NOT_AVAILABLE(9),
  MESSAGE_TOO_LARGE(10),
  RECORD_LIST_TOO_LARGE(18),
  NOT_ENOUGH_REPLICAS(19),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND(20),
  TOPIC_AUTHORIZATION_FAILED(29),
  CLUSTER_AUTHORIZATION_FAILED(31),
  INVALID_TIMESTAMP(32),
  POLICY_VIOLATION(44),
  OUT_OF_ORDER_SEQUENCE_NUMBER(45),
  DUPLICATE_SEQUENCE_NUMBER(46),
  INVALID_PRODUCER_EPOCH(47),
  KAFKA_STORAGE_ERROR(56),
  UNKNOWN_PRODUCER_ID(59),
  FENCED_LEADER_EPOCH(74),
  UNKNOWN_LEADER_EPOCH(75),
  UNSUPPORTED_COMPRESSION_TYPE(76),
  INVALID_RECORD(87),
  UNKNOWN_TOPIC_ID(100),
  INCONSISTENT_TOPIC_ID(103),
  /** Every other one. */
  OTHER(-1);

  private static final Map<Integer, ErrorCode> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(each -> each.number, Function.identity()));

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  static ErrorCode of(int number) {
    return BY_NUMBER.getOrDefault(number, OTHER);
  }

  /** As people look it up. */
  static String text(int number) {
    ErrorCode known = of(number);
    return known == OTHER ? "error " + number : known.name();
  }
}
