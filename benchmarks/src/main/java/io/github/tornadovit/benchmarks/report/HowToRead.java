package io.github.tornadovit.benchmarks.report;

import java.util.List;

/** The legend of a report: its words and numbers explained. */
final class HowToRead {
  private HowToRead() {}

  static List<Block> blocks(Result result) {
    Result.Protocol protocol = result.protocol();
    return List.of(
        new Block.Heading(2, "How to read this"),
        new Block.Points(
            List.of(
                ("In turns: every engine is a process of its own; after %s s of warm-up (three"
                        + " passes or more) each has one turn of %s s in each of %d rounds, and"
                        + " every other round goes backwards. Only one process computes at a time. A"
                        + " turn's time is the median of its passes, a table's the median of the"
                        + " turns; ± is half the range of the turns.")
                    .formatted(protocol.warmUpSeconds(), protocol.turnSeconds(), protocol.rounds()),
                "Same checkpoint, same pixels, same number of threads on the host, float32 where no"
                    + " other precision is named.",
                "Agreement: before anything is timed, all logits of the batch are compared with"
                    + " those of our CPU backend. Answers are the same if every image has the same"
                    + " best class and no logit differs by more than 1e-3. A speed-up is printed"
                    + " for nothing else, for nothing that was not warmed up, and for nothing whose turns"
                    + " spread by more than 50 %.",
                "Forward only: the time of the kernels as the device counts it, without launches"
                    + " and copies, from passes under TornadoVM's profiler. Forward with copies:"
                    + " from an array on the Java heap to one, launches and copies included. Full"
                    + " pipeline: image files decoded and preprocessed one after the other on one"
                    + " thread, as the command classify does, then the forward pass. Every mode has"
                    + " turns of its own.",
                "OpenCL device on the CPU: the cores of the host behind an OpenCL driver such as"
                    + " PoCL. It is no GPU, and its numbers say nothing about one.",
                "Of FMA peak: arithmetic of the pass per second, divided by what the host's cores"
                    + " do in multiply-adds on registers, measured for 100 ms right before and"
                    + " right after each turn; of bf16 and int8, what the processor's instruction for"
                    + " them does. Beyond 105 % the peak was not what the turn had, and"
                    + " no part of it is printed. Memory bandwidth is measured reading 256 MiB, before"
                    + " and after each checkpoint.",
                "Of the roof: a kernel's rate, divided by the most that the peaks allow at its"
                    + " arithmetic intensity. Bytes are those of inputs, weights and output, each"
                    + " counted once: what lies in a cache is read faster than memory, and a"
                    + " machine whose speed drifts brings a kernel above the peak. Beyond 105 % the"
                    + " table says which of them it is, and no number.",
                "Published rates are samples per second of transformers' Trainer on two model"
                    + " cards, loading of data included; the cards do not name the hardware. The"
                    + " full pipeline is what comes nearest to them.",
                "Trend: runs on the same machine as this one, from the history file.")));
  }
}
