package io.github.tornadovit.benchmarks.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The results of earlier runs: a file with a line of JSON per run, to which a run adds its own.
 * Nothing that is in it is ever written again, so a write that is interrupted costs at most the
 * line that it was about; readers pass over a line that is not whole.
 */
final class History {
  private History() {}

  /** A run. */
  record Entry(String date, String commit, String machine, List<Rate> rates) {
    Entry {
      Required.present(date, commit, machine);
      rates = Required.list(rates);
    }

    /** Rates of a result, in every mode. */
    static Entry of(Result result) {
      List<Rate> rates = new ArrayList<>();
      for (Result.Model model : result.models()) {
        for (Result.Row row : model.rows()) {
          String engine = model.engine(row.engine()).map(Result.Engine::label).orElse(row.engine());
          rates.add(new Rate(model.name(), engine, row.mode(), row.batch(), row.imagesPerSecond()));
        }
      }
      return new Entry(result.date(), result.commit(), result.machine(), rates);
    }
  }

  /** Images per second, the median over rounds. */
  record Rate(String model, String engine, Mode mode, int batch, double imagesPerSecond) {
    Rate {
      Required.present(model, engine, mode);
      Required.positive(imagesPerSecond);
    }
  }

  /** Adds a line to the file, which is made if missing. */
  static void append(Path file, Entry entry) throws IOException {
    String line = JsonMapper.shared().writeValueAsString(entry) + "\n";
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // What an interrupted write left gets its end here, or the new line would be lost with it.
      ByteBuffer text =
          ByteBuffer.wrap(
              ((endsInLine(channel) ? "" : "\n") + line).getBytes(StandardCharsets.UTF_8));
      channel.position(channel.size());
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
  }

  private static boolean endsInLine(FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return true;
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, channel.size() - 1);
    return last.get(0) == '\n';
  }

  /** All whole lines, oldest first; none if there is no file. */
  static List<Entry> read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line :
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n", -1)) {
        try {
          if (!line.isBlank()) {
            @Nullable Entry entry = JsonMapper.shared().readValue(line, Entry.class);
            if (entry != null) {
              entries.add(entry);
            }
          }
        } catch (JacksonException torn) {
          // An interrupted write, or not ours; the others count.
        }
      }
    }
    return entries;
  }
}
