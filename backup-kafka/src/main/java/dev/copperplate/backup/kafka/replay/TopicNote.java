package dev.copperplate.backup.kafka.replay;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * What a second attempt has to know of a topic.
 *
 * @param destination its name
 * @param made whether this restore makes it
 * @param id empty until it is known to be there
 */
record TopicNote(String destination, boolean made, Optional<Uuid> id) {

  Map<String, Object> values() {
    Map<String, Object> all = new TreeMap<>();
    all.put("topic", destination);
    all.put("made", made);
    id.ifPresent(known -> all.put("topicId", known));
    return all;
  }

  static TopicNote of(JournalFile file) throws IOException {
    return new TopicNote(
        file.text("topic"),
        Boolean.parseBoolean(file.text("made")),
        file.has("topicId")
            ? Optional.of(Uuid.fromString(file.text("topicId")))
            : Optional.empty());
  }
}
