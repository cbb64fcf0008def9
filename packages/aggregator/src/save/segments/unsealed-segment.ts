import { readFrames } from '../journal/frame-file.ts';
import { columnsByName, readBlock } from '../native/block.ts';
import { ByteReader, TruncatedError } from '../native/byte-reader.ts';
import type { Column } from '../native/column.ts';
import {
  draftObservation,
  finishObservation,
  OBSERVATION_COLUMNS,
  type ObservationDraft,
  type SavedObservation,
} from '../rows/observation-columns.ts';
import { stampColumns } from '../rows/stamp.ts';
import { SaveError, SaveErrorCode } from '../save-error.ts';

const COLUMNS = columnsByName<ObservationDraft>([
  ...(stampColumns({ segment: 0, writer: '', day: 0, arrivedUs: 0 }) as readonly Column<never, ObservationDraft>[]),
  ...OBSERVATION_COLUMNS,
]);

/** The observations of a journal, request by request. @throws SaveError `segment_damaged`, `block_invalid` */
export async function* readJournal(file: string, bytes: number): AsyncGenerator<readonly SavedObservation[]> {
  for await (const { payload, end } of readFrames(file, bytes)) {
    try {
      yield readBlock(new ByteReader(payload), COLUMNS, draftObservation).map(finishObservation);
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      throw new SaveError(
        SaveErrorCode.segmentDamaged,
        `A request in ${file} is not whole: expected a block up to byte ${end}, received less`,
        { cause: error },
      );
    }
  }
}
