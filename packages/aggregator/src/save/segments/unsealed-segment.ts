import { type Frame, readFrames } from '../journal/frame-file.ts';
import { columnsByName, readBlock } from '../native/block.ts';
import { ByteReader, TruncatedError } from '../native/byte-reader.ts';
import {
  draftObservation,
  finishObservation,
  OBSERVATION_COLUMNS,
  type ObservationDraft,
  type SavedObservation,
} from '../rows/observation-columns.ts';
import { STAMP_COLUMNS } from '../rows/stamp.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';

const COLUMNS = columnsByName<ObservationDraft>([...STAMP_COLUMNS, ...OBSERVATION_COLUMNS]);

/** The observations of a journal, request by request. @throws SaveError `segment_damaged`, `block_invalid` */
export async function* readJournal(file: string, bytes: number): AsyncGenerator<readonly SavedObservation[]> {
  for await (const frame of readFrames(file, bytes)) yield readRequest(file, frame);
}

/** The observations of one request. @throws SaveError `segment_damaged`, `block_invalid` */
export function readRequest(file: string, { payload, end }: Frame): readonly SavedObservation[] {
  try {
    const reader = new ByteReader(payload);
    const saved: SavedObservation[] = [];
    while (!reader.isAtEnd) {
      for (const draft of readBlock(reader, COLUMNS, draftObservation)) saved.push(finishObservation(draft));
    }
    return saved;
  } catch (error) {
    if (!(error instanceof TruncatedError)) throw error;
    throw new SaveError(
      SaveErrorCode.segmentDamaged,
      `A request in ${file} is not whole: expected a block up to byte ${end}, received less`,
      { cause: error },
    );
  }
}
