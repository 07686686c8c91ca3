package io.github.tornadovit.kernels.program;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A forward pass as data: operations in order, each of which makes a new value. Immutable.
 *
 * <p>A backend turns it into a {@link io.github.tornadovit.kernels.backend.Plan}: the CPU executes
 * the operations one by one, a GPU records them as one task graph. A program is built once per
 * model and set of outputs and says nothing of devices or batch sizes.
 *
 * @param input the value that the caller brings
 * @param sections in execution order
 * @param outputs the values that the caller gets
 */
public record Program(Buffer input, List<Section> sections, List<Buffer> outputs) {

  /**
   * A part of a program with a name, such as one block of the encoder. Sections of equal shape run
   * the same kernels; a device may split a program between sections.
   *
   * @param name for reports
   * @param operations in execution order
   */
  public record Section(String name, List<Operation> operations) {
    public Section {
      operations = List.copyOf(operations);
    }
  }

  /**
   * @throws IllegalArgumentException if an operation or output reads a value that nothing wrote, or
   *     if an operation writes a value that is there
   */
  public Program {
    sections = List.copyOf(sections);
    outputs = List.copyOf(outputs);
    List<Operation> operations =
        sections.stream().flatMap(section -> section.operations().stream()).toList();
    Set<Buffer> written = new HashSet<>(Set.of(input));
    for (Operation operation : operations) {
      for (Buffer read : operation.inputs()) {
        Operation.require(
            written.contains(read), "%s reads %s before it is written", operation, read);
      }
      Operation.require(
          written.add(operation.output()),
          "%s writes %s, which is there already",
          operation,
          operation.output());
    }
    for (Buffer output : outputs) {
      Operation.require(written.contains(output), "output %s is never written", output);
    }
  }

  /**
   * This program with some operations replaced by others that read and write the same values.
   *
   * @param replacement of an operation of a section; the operation itself to keep it
   */
  public Program replacing(BiFunction<Section, Operation, Operation> replacement) {
    return new Program(
        input,
        sections.stream()
            .map(
                section ->
                    new Section(
                        section.name(),
                        section.operations().stream()
                            .map(operation -> replacement.apply(section, operation))
                            .toList()))
            .toList(),
        outputs);
  }

  /** All operations in execution order. */
  public List<Operation> operations() {
    return sections.stream().flatMap(section -> section.operations().stream()).toList();
  }

  /** Every value, the input first, then as they are written. */
  public Collection<Buffer> buffers() {
    Set<Buffer> buffers = new LinkedHashSet<>(List.of(input));
    operations().forEach(operation -> buffers.add(operation.output()));
    return buffers;
  }

  /** Every weight once, in the order of first use. */
  public Collection<Weight> weights() {
    Set<Weight> weights = new LinkedHashSet<>();
    operations().forEach(operation -> weights.addAll(operation.weights()));
    return weights;
  }

  /**
   * Refuses what a plan cannot run.
   *
   * @param values of the input, row-major; there may be more
   * @param batch images in it
   * @param maxBatch of the plan
   * @throws IllegalArgumentException if the batch or the input's length do not fit
   */
  public void requireInput(float[] values, int batch, int maxBatch) {
    if (batch < 1 || batch > maxBatch) {
      throw new IllegalArgumentException(
          "batch is %d, expected 1 to %d".formatted(batch, maxBatch));
    }
    long expected = (long) batch * input.size();
    if (values.length < expected) {
      throw new IllegalArgumentException(
          "input has %d values, expected %d: %d images of %s"
              .formatted(values.length, expected, batch, input));
    }
  }

  /** Floating point operations per image, a multiply-add counted as two. */
  public long flops() {
    return operations().stream().mapToLong(Operation::flops).sum();
  }

  /** Collects operations in order; its methods read as the forward pass does. */
  public static final class Builder {
    private final Buffer input;
    private final List<Section> sections = new ArrayList<>();
    private final List<Buffer> outputs = new ArrayList<>();
    private String name = "program";
    private final List<Operation> operations = new ArrayList<>();

    /** Starts a program on the given input. */
    public Builder(Buffer input) {
      this.input = input;
    }

    /** Begins a section; operations before the first one are in a section "program". */
    public Builder section(String name) {
      endSection();
      this.name = name;
      return this;
    }

    private void endSection() {
      if (!operations.isEmpty()) {
        sections.add(new Section(name, operations));
        operations.clear();
      }
    }

    /** Appends an operation. */
    public Builder then(Operation operation) {
      operations.add(operation);
      return this;
    }

    /** Marks a value as an output. */
    public Builder output(Buffer buffer) {
      if (!outputs.contains(buffer)) {
        outputs.add(buffer);
      }
      return this;
    }

    /** The program. */
    public Program build() {
      endSection();
      return new Program(input, sections, outputs);
    }
  }
}
