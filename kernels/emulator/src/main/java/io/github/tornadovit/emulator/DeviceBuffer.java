package io.github.tornadovit.emulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The device's copy of one array: a cell of 32 bits for each element, and of each cell whether it
 * holds anything and which work-items of the running launch touched it.
 *
 * <p>A trial is one execution of one work-group; what it wrote can be taken back, so that the group
 * can run again from the same memory.
 */
public final class DeviceBuffer {
  private static final byte NOTHING = 0;
  private static final byte UPLOADED = 1;
  private static final byte WRITTEN = 2;

  /** Reader of a cell that several work-items read. */
  private static final int MANY = -1;

  private final int elementBytes;
  private final boolean refused;
  private final int[] bits;
  private final byte[] state;

  /** Per cell, the work-item (from 1) of this launch that wrote it, or 0. */
  private final int[] writer;

  /** Per cell, the work-item of this launch that read it, {@link #MANY}, or 0. */
  private final int[] reader;

  /** The cells first written in this trial, with what they held before. */
  private int[] logged = new int[16];

  private int[] loggedBits = new int[16];
  private byte[] loggedState = new byte[16];
  private int log;

  private boolean settled;
  private boolean freed;
  private boolean anyRead;
  private boolean anyWritten;
  private boolean launchWrote;
  private String label = "array";
  private @Nullable Launch launch;

  /**
   * @param elementBytes 4 or 2
   * @param refused whether the driver gave no memory, which TornadoVM does not notice
   */
  DeviceBuffer(int size, int elementBytes, boolean refused) {
    this.elementBytes = elementBytes;
    this.refused = refused;
    bits = new int[size];
    state = new byte[size];
    writer = new int[size];
    reader = new int[size];
  }

  int size() {
    return bits.length;
  }

  /** Device memory that it takes. */
  long bytes() {
    return (long) elementBytes * bits.length;
  }

  boolean refused() {
    return refused;
  }

  /** Gives its memory back, once: TornadoVM refuses to do it again. */
  void free() {
    if (freed) {
      throw new EmulatorException("an array is freed that was freed before");
    }
    freed = true;
  }

  boolean freed() {
    return freed;
  }

  /** An operation on it failed: what it holds may be anything, and is no mistake of the graph. */
  void excuse() {
    anyRead = true;
    anyWritten = true;
    for (int i = 0; i < state.length; i++) {
      state[i] = state[i] == NOTHING ? UPLOADED : state[i];
    }
  }

  String label() {
    return label;
  }

  boolean anyWritten() {
    return anyWritten;
  }

  // --- What a kernel does ---

  /** Reads a cell for the work-item that runs. */
  public int read(int index) {
    Launch now = launched();
    if (index < 0 || index >= bits.length) {
      throw now.fault("reads %s out of bounds at index %d".formatted(label, index));
    }
    int item = now.current();
    if (writer[index] != item) {
      if (writer[index] != 0) {
        throw conflict(now, "reads", index, "wrote", writer[index]);
      }
      if (state[index] == NOTHING) {
        throw now.fault("reads %s at index %d, which nothing ever wrote".formatted(label, index));
      }
      if (reader[index] != item) {
        reader[index] = reader[index] == 0 ? item : MANY;
      }
    }
    anyRead = true;
    return bits[index];
  }

  /** Writes a cell for the work-item that runs. */
  public void write(int index, int value) {
    Launch now = launched();
    if (index < 0 || index >= bits.length) {
      throw now.fault("writes %s out of bounds at index %d".formatted(label, index));
    }
    int item = now.current();
    if (writer[index] != item) {
      if (writer[index] != 0) {
        throw conflict(now, "writes", index, "wrote too", writer[index]);
      }
      if (reader[index] != 0 && reader[index] != item) {
        throw conflict(now, "writes", index, "read", reader[index]);
      }
      remember(index);
      writer[index] = item;
      state[index] = WRITTEN;
      anyWritten = true;
      launchWrote = true;
    }
    bits[index] = value;
  }

  private Launch launched() {
    if (refused) {
      throw new EmulatorException(
          "a kernel touches an array whose allocation was refused; TornadoVM would crash the JVM");
    }
    if (freed) {
      throw new EmulatorException("a kernel touches an array that was freed");
    }
    if (launch == null) {
      throw new EmulatorException(
          "a device array is used outside of the launch that it was passed to");
    }
    return launch;
  }

  private EmulatorException conflict(Launch now, String does, int index, String did, int other) {
    String who = other == MANY ? "several other work-items" : now.describe(other);
    return now.fault(
        "%s %s at index %d, which %s %s in the same launch"
            .formatted(does, label, index, who, did));
  }

  // --- Launches and trials ---

  /** Starts a launch that names this array {@code label}. */
  void bind(Launch launch, String label) {
    this.launch = launch;
    this.label = label;
    Arrays.fill(writer, 0);
    Arrays.fill(reader, 0);
    log = 0;
    launchWrote = false;
  }

  /** Ends a launch; returns whether it wrote this array. */
  boolean unbind() {
    launch = null;
    return launchWrote;
  }

  private void remember(int index) {
    if (log == logged.length) {
      logged = Arrays.copyOf(logged, 2 * log);
      loggedBits = Arrays.copyOf(loggedBits, 2 * log);
      loggedState = Arrays.copyOf(loggedState, 2 * log);
    }
    logged[log] = index;
    loggedBits[log] = bits[index];
    loggedState[log] = state[index];
    log++;
  }

  /** The cells that one trial wrote. */
  static final class Written {
    private final int[] cells;
    private final int[] bits;
    private final int[] writers;

    private Written(int[] cells) {
      this.cells = cells;
      bits = new int[cells.length];
      writers = new int[cells.length];
    }
  }

  /** Keeps what the trial wrote and starts the next one. */
  void commit() {
    log = 0;
  }

  /** Returns what the trial wrote and takes it back. */
  Written rollBack() {
    int[] cells = Arrays.copyOf(logged, log);
    var written = new Written(cells);
    for (int i = 0; i < log; i++) {
      written.bits[i] = bits[cells[i]];
      written.writers[i] = writer[cells[i]];
      bits[cells[i]] = loggedBits[i];
      state[cells[i]] = loggedState[i];
      writer[cells[i]] = 0;
    }
    log = 0;
    return written;
  }

  /**
   * Describes the first difference between an earlier trial and the one that just ended, or null if
   * there is none.
   */
  @Nullable String difference(Written earlier, boolean floats) {
    for (int i = 0; i < earlier.cells.length; i++) {
      int cell = earlier.cells[i];
      if (writer[cell] == 0) {
        return "%s at index %d is %s or not written at all"
            .formatted(label, cell, text(earlier.bits[i], floats));
      }
      if (!same(earlier.bits[i], bits[cell], floats)) {
        String values = text(earlier.bits[i], floats) + " or " + text(bits[cell], floats);
        return "%s at index %d is %s".formatted(label, cell, values);
      }
      if (writer[cell] != earlier.writers[i]) {
        return "%s at index %d is written by one work-item or another".formatted(label, cell);
      }
    }
    return log == earlier.cells.length
        ? null
        : "%s has cells that are written or not".formatted(label);
  }

  /** Equal bits, or two NaNs: the JVM may compute a NaN's payload either way. */
  private static boolean same(int a, int b, boolean floats) {
    return a == b
        || (floats && Float.isNaN(Float.intBitsToFloat(a)) && Float.isNaN(Float.intBitsToFloat(b)));
  }

  private static String text(int bits, boolean floats) {
    return floats ? Float.toString(Float.intBitsToFloat(bits)) : Integer.toString(bits);
  }

  // --- Transfers ---

  /** Starts an execution of a graph: nothing of it has touched this array yet. */
  void beginExecution() {
    anyRead = false;
    anyWritten = false;
  }

  /** Makes every cell hold nothing, as fresh device memory does. */
  void forget() {
    Arrays.fill(state, NOTHING);
  }

  /** The graph that uploaded it leaves it to the next: from then on it is there for all. */
  void settle() {
    if (!settled) {
      settled = true;
      for (int i = 0; i < state.length; i++) {
        state[i] = state[i] == UPLOADED ? WRITTEN : state[i];
      }
    }
  }

  void upload(MemorySegment data) {
    settled = false;
    if (elementBytes == Integer.BYTES) {
      MemorySegment.copy(data, ValueLayout.JAVA_INT, 0, bits, 0, bits.length);
    } else {
      Arrays.setAll(bits, i -> data.getAtIndex(ValueLayout.JAVA_SHORT, i));
    }
    Arrays.fill(state, UPLOADED);
  }

  /**
   * Copies cells to the host. An array that the graph writes and never reads was not uploaded in
   * truth, whatever the graph says: cells of it that no kernel wrote are garbage.
   *
   * @return the first cell of the range that holds nothing, or -1 after copying
   */
  int download(MemorySegment data, int from, int count) {
    boolean uploaded = anyRead || !anyWritten;
    for (int i = from; i < from + count; i++) {
      if (state[i] == NOTHING || (state[i] == UPLOADED && !uploaded)) {
        return i;
      }
    }
    if (elementBytes == Integer.BYTES) {
      MemorySegment.copy(bits, from, data, ValueLayout.JAVA_INT, 4L * from, count);
    } else {
      for (int i = from; i < from + count; i++) {
        data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) bits[i]);
      }
    }
    return -1;
  }
}
