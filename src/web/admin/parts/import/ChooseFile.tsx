import { Button, DropZone, FileTrigger, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Icon } from '../Icon.tsx';

const TYPES = ['.csv', '.xlsx', 'text/csv'];

export interface ChooseFileProps {
  readonly isBusy: boolean;
  readonly onChoose: (file: File) => void;
}

/** A file, dropped or chosen. */
export function ChooseFile({ isBusy, onChoose }: ChooseFileProps) {
  const { t } = useTranslation();
  return (
    <DropZone
      className="drop-zone"
      onDrop={event => {
        const item = event.items.find(one => one.kind === 'file');
        if (item?.kind === 'file') void item.getFile().then(onChoose);
      }}
    >
      <Icon name="upload" />
      <Text slot="label">{t('import.drop')}</Text>
      <FileTrigger
        acceptedFileTypes={TYPES}
        onSelect={files => {
          const file = files?.[0];
          if (file) onChoose(file);
        }}
      >
        <Button className="primary" isDisabled={isBusy}>
          {isBusy ? t('import.sending') : t('import.choose')}
        </Button>
      </FileTrigger>
      <p className="hint">{t('import.formats')}</p>
    </DropZone>
  );
}
